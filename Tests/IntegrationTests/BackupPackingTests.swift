import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Packed backups of the built program, on SQLite.
final class BackupPackingTests: XCTestCase {
    func testALyingCompressorEndsWith14AndDeploysNothing_T10() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try shop.commit(version: "three")
        try shop.run("staging").expect(0)
        let before = try (shop.world("production"), shop.backups("production").map(\.timestamp))
        for lie in ["cat >/dev/null; exit 0", "real \"$@\" | head -c 300; exit 0", "exit 1"] {
            let path = try shop.putBefore("zstd", lie)
            let run = try shop.run("production", "--confirm", "CONFIRM", environment: ["PATH": path])
            try run.expect(14, lie).expectExplained()
            let after = try (shop.world("production"), shop.backups("production").map(\.timestamp))
            XCTAssertTrue(before == after, lie)
            XCTAssertEqual(shop.leftovers(), [], lie)
        }
        try shop.promote()
    }

    func testABackupOfTheFirstVersionStillRollsBack() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        let backup = try XCTUnwrap(try shop.backups("production").first { $0.release != nil })
        let folder = "backups/production/\(backup.timestamp)"
        try shop.runProgram(["zstd", "-q", "-d", "--rm", "\(folder)/database.sqlite.zst"]).expect(0)
        let file = URL(fileURLWithPath: "\(shop.project)/\(folder)/manifest.json")
        let manifest = try JSONSerialization.jsonObject(with: try Data(contentsOf: file))
        var first = try XCTUnwrap(manifest as? [String: Any])
        var database = try XCTUnwrap(first.removeValue(forKey: "database") as? [String: Any])
        let plain = try LocalFileStore().digest(of: "\(shop.project)/\(folder)/database.sqlite")
        database["payload"] = [
            "file": "database.sqlite", "digest": ["bytes": plain.bytes, "sha256": plain.sha256],
        ]
        first.merge(database) { _, moved in moved }
        first["folders"] = nil
        first["versions"] = nil
        first["schemaVersion"] = 1
        let text = try JSONSerialization.data(withJSONObject: first)
        try text.write(to: file)
        let digest = SHA256.hexadecimal(of: String(decoding: text, as: UTF8.self))
        try shop.runProgram([
            "sqlite3", ".deployctl/state.db",
            "UPDATE backup SET sha256 = '\(digest)' WHERE timestamp = '\(backup.timestamp)'",
        ]).expect(0)
        try shop.run("backup", "verify", "production", "\(backup.timestamp)").expect(0)
        try shop.run("rollback", try XCTUnwrap(backup.release), "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
    }
}
