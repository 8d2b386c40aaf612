import DeployTestSupport
import Foundation
import XCTest

/// T15, T16: no rollback begins on a backup that is not the one that was proved, and none loses its own source.
final class SpoiltBackupTests: XCTestCase {
    func testNoRollbackBeginsOnASpoiltBackup_T15_T16() throws {
        let shop = try DeployctlFixture(for: self)
        let older = try shop.deployTwoReleases()
        let source = try XCTUnwrap(try shop.backups("production").first { $0.release == older }?.timestamp)
        try shop.run("backup", "create", "production").expect(0)
        let other = try XCTUnwrap(try shop.backups("production").first?.timestamp)
        let (folder, another) = ("backups/production/\(source)", "backups/production/\(other)")
        let name = try XCTUnwrap(shop.names(in: folder).first { $0.hasPrefix("database.") })
        let payload = "\(folder)/\(name)"
        let before = try shop.world("production")
        let listed = try shop.backups("production").map(\.timestamp)
        for (spoiling, command) in [
            ("cut", "truncate -s -1 \(payload)"), ("emptied", "truncate -s 0 \(payload)"),
            ("a byte changed", "printf X | dd conv=notrunc bs=1 seek=700 of=\(payload)"),
            ("of another environment", "sed -i 's/production/staging/' \(folder)/manifest.json"),
            ("another backup", "cp \(another)/* \(folder)/"),
            ("another payload", "cp \(another)/\(name) \(folder)/"),
            ("without manifest", "rm \(folder)/manifest.json"), ("an empty folder", "rm \(folder)/*"),
            ("gone", "rm -r \(folder)"), ("a link", "mv \(folder) aside; ln -s ../../nowhere \(folder)"),
        ] {
            try shop.runProgram(["sh", "-ec", "cp -a \(folder) kept; chmod -R u+w \(folder); \(command)"])
                .expect(0, spoiling)
            for verb in [["rollback", older], ["backup", "restore", "production", source]] {
                let run = try shop.run(verb + ["--confirm", "CONFIRM"]).expect(14, spoiling)
                try run.expectExplained()
            }
            try shop.runProgram(["sh", "-ec", "rm -rf \(folder) aside; mv kept \(folder)"]).expect(0)
            try expectEqual(try shop.world("production"), before, spoiling)
            try expectEqual(try shop.backups("production").map(\.timestamp), listed, spoiling)
        }
        try shop.expectConsistent("production")
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "one", items: ["first"]))
    }

    /// F42: the safety backup must not push out the very backup that is being restored.
    func testTheOldestBackupAtTheEdgeOfRetentionIsRestored_T15() throws {
        let shop = try DeployctlFixture(for: self)
        let older = try shop.deployTwoReleases()
        for _ in 0..<3 { try shop.run("backup", "create", "production").expect(0) }
        let edge = try XCTUnwrap(try shop.backups("production").last)
        XCTAssertEqual(edge.release, older, "what a kept release needs stays")
        try shop.run("backup", "restore", "production", edge.timestamp, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "two", items: ["first"]))
        try shop.expectConsistent("production")
    }
}
