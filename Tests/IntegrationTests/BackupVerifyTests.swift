import DeployTestSupport
import Foundation
import XCTest

/// `backup verify` of the built program: what marks a backup and what does not.
final class BackupVerifyTests: XCTestCase {
    private struct Checked: Decodable {
        struct One: Decodable {
            let timestamp: String
            let verdict: String
        }
        let backups: [One]
    }

    private struct Made: Decodable { let backup: String }

    func testSamplesGoRoundAndOnlyDamageMarksABackup_T11() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace("\"last\": 2", with: "\"last\": 9", in: "environments/production.json")
        try shop.commit([:])
        try shop.deployTwoReleases()
        for _ in 0..<2 {
            let made = try shop.run("backup", "create", "production", "--json").expect(0).json(Made.self)
            XCTAssertEqual(made.backup, try shop.backups("production").first?.timestamp)
        }
        let all = try shop.backups("production").map(\.timestamp).sorted()
        XCTAssertEqual(all.count, 3)

        let tried = try shop.run("backup", "verify", "production", "--sample", "1", "--dry-run", "--json")
            .expect(0).json(Checked.self).backups
        XCTAssertEqual(tried.map(\.timestamp), [all[0]], "and the round begins with it all the same")
        XCTAssertEqual(tried.map(\.verdict), ["pending"])
        let rounds = try (0..<4).map { _ in try sample(shop, "1").expect(0).json(Checked.self).backups }
        XCTAssertEqual(rounds.map { $0.map(\.timestamp) }, [[all[0]], [all[1]], [all[2]], [all[0]]])
        XCTAssertEqual(
            try sample(shop, "2").expect(0).json(Checked.self).backups.map(\.timestamp), [all[1], all[2]])

        let tools = try shop.putBefore("zstd", "exit 1")
        for expected in [all[0], all[1]] {
            let run = try shop.run(
                "backup", "verify", "production", "--sample", "1", environment: ["PATH": tools])
            XCTAssertTrue(try run.expect(15).output.hasPrefix("\(expected)  unproved"), run.output)
        }
        let unproved = try shop.run(
            "backup", "verify", "production", "--all", environment: ["PATH": tools])
        try unproved.expect(15)
        XCTAssertTrue(unproved.output.contains("\(all[0])  unproved"), unproved.output)
        XCTAssertEqual(try shop.backups("production").map(\.verified), ["restored", "restored", "restored"])
        XCTAssertEqual(shop.leftovers(), [])

        try FileManager.default.removeItem(
            atPath: "\(shop.project)/backups/production/\(all[0])/database.sqlite.zst")
        let mixed = try shop.run("backup", "verify", "production", "--all", environment: ["PATH": tools])
        try mixed.expect(19)
        XCTAssertTrue(mixed.errors.contains("next:  deployctl backup create production"), mixed.errors)
        XCTAssertEqual(try shop.backups("production").map(\.verified), ["restored", "restored", "no"])
        XCTAssertEqual(
            try sample(shop, "2").expect(0).json(Checked.self).backups.map(\.timestamp), [all[2], all[1]],
            "a damaged one does not hold up the round")
        try sample(shop, "1").expect(19)
    }

    private func sample(_ shop: DeployctlFixture, _ count: String) throws -> ProgramRun {
        try shop.run("backup", "verify", "production", "--sample", count, "--json")
    }
}
