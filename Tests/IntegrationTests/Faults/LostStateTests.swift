import DeployTestSupport
import Foundation
import XCTest

/// Releases, backups and services are there, and the tool's memory is not.
final class LostProjectStateTests: XCTestCase {
    private func deployed() throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        try shop.run("backup", "create", "production").expect(0)
        return shop
    }

    private func remove(_ names: String..., in shop: DeployctlFixture) throws {
        for name in names { try FileManager.default.removeItem(atPath: "\(shop.project)/.deployctl/\(name)") }
    }

    func testALostStateIsNamedAndPutBackByTheCommandItNames() throws {
        let shop = try deployed()
        let known = try shop.backups("production").map(\.timestamp)
        try remove("state.db", in: shop)
        for words in [["status"], ["history"], ["staging"], ["rollback", known[0], "--confirm", "CONFIRM"]] {
            let run = try shop.run(words)
            try run.expect(16, "\(words)")
            try expect(run.errors.contains("deployctl adopt --state"), "\(words): \(run.errors)")
        }
        let list = try shop.run("backup", "list", "production")
        try list.expect(16)
        try expect(list.output.contains(known[0]), list.output)
        try shop.run("adopt", "--state").expect(0)
        try expectEqual(try shop.backups("production").map(\.timestamp), known, "the same backups")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.promote()
        try expectEqual(try shop.items("production"), ["kept"], "the data")
        try expectEqual(try shop.status("production").code, 0, "status")
    }

    func testAWholeStateTakesNoBackupThatItDoesNotKnow() throws {
        let shop = try deployed()
        let known = try shop.backups("production").map(\.timestamp)
        let folder = "\(shop.project)/backups/production"
        let planted = "20990101000000"
        try shop.runProgram(["cp", "-a", "\(folder)/\(known[0])", "\(folder)/\(planted)"]).expect(0)
        try shop.runProgram([
            "sed", "-i", "s/\(known[0])/\(planted)/", "\(folder)/\(planted)/manifest.json",
        ]).expect(0)
        let restored = try shop.run("adopt", "--state").expect(0)
        try expect(!restored.output.contains(planted), restored.output)
        try expectEqual(try shop.backups("production").map(\.timestamp), known, "the same backups")
        try remove("state.db", "state.db.copy", in: shop)
        let adopted = try shop.run("adopt", "--state").expect(0)
        try expect(adopted.output.contains(planted), "a lost state lists it, unproved: \(adopted.output)")
    }

    func testWhatIsWrongInADefinitionKeepsNobodyFromStopping() throws {
        let shop = try deployed()
        try shop.write("{", to: "environments/staging.json")
        try shop.run("staging").expect(10)
        let status = try shop.run("status", "staging").expect(0)
        try expect(status.output.contains("staging.json cannot be deployed"), status.output)
        for verb in ["history", "stop", "start", "stop"] { try shop.run(verb, "staging").expect(0, verb) }
    }
}
