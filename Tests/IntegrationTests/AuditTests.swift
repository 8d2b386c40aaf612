import DeployTestSupport
import Foundation
import XCTest

/// What was done in a project stands in its audit log, and nobody changes that unseen.
final class AuditTests: XCTestCase {
    private struct Listed: Decodable {
        struct Entry: Decodable {
            let sequence: Int64
            let act: String
            let environment: String?
            let outcome: String?
            let command: [String]
            let performer: String
        }
        let entries: [Entry]
    }

    private func listed(_ world: DeployctlFixture, _ words: String...) throws -> [Listed.Entry] {
        try world.run(["audit", "--json"] + words).expect(0).json(Listed.self).entries
    }

    private func sqlite(_ world: DeployctlFixture, _ statement: String) throws {
        try world.runProgram(["sqlite3", "\(world.project)/.deployctl/state.db", statement]).expect(0)
    }

    private static let fences = ["is_not_changed", "is_not_removed", "is_added_to"]
        .map { "DROP TRIGGER audit_\($0);" }.joined()

    func testEverythingDoneIsListedAndEveryChangeOfTheListIsFound() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("audit").expect(0)
        try world.run("audit", "verify").expect(0, "of nothing nothing is missing")
        try world.run("staging").expect(0)
        try world.run("approve", "release").expect(0)
        try world.run("production", "--confirm", "CONFIRM", "--reason", "friday").expect(0)
        try world.run("lock", "acquire", "production", "-m", "stocktaking").expect(0)
        try world.run("lock", "release", "production").expect(0)
        try world.run("exec", "production", "web", "--", "env", "TOKEN=hunter2").expect(0)
        try world.run("backup", "create", "production").expect(0)
        try world.run("backup", "verify", "production").expect(0)
        try world.run("hooks", "install").expect(0)
        try world.run("hooks", "install").expect(0, "it is there, so nothing is done")
        let acts = try listed(world).reversed().map { "\($0.act) \($0.outcome ?? "-")" }
        XCTAssertEqual(
            acts,
            [
                "deploy -", "deploy succeeded", "approve -", "promote -", "promote succeeded", "hold -",
                "end_hold -", "exec -", "backup -", "backup succeeded", "verify -", "verify succeeded",
                "hook -", "hook succeeded",
            ])
        XCTAssertEqual(try listed(world, "staging", "--limit", "1").map(\.act), ["deploy"])
        XCTAssertEqual(try listed(world, "--since", "2099-01-01T00:00:00Z").count, 0)
        let text = try world.run("audit", "--json").expect(0).output
        XCTAssertFalse(
            text.contains("hunter2") || text.contains("CONFIRM"), "answers and words stay out of it: \(text)")
        try world.run("audit", "verify").expect(0, "nobody changed anything")

        let state = "\(world.project)/.deployctl/state.db"
        let whole = try Data(contentsOf: URL(fileURLWithPath: state))
        let forgeries: [(String, Int)] = [
            ("UPDATE audit SET entry = replace(entry, 'friday', 'monday') WHERE sequence = 4", 4),
            ("DELETE FROM audit WHERE sequence = 3", 3), ("DELETE FROM audit WHERE sequence > 6", 7),
            ("DELETE FROM audit", 1),
        ]
        for (forgery, sequence) in forgeries {
            try sqlite(world, Self.fences + forgery)
            let found = try world.run("audit", "verify").expect(19, forgery)
            XCTAssertTrue(found.output.contains("Entry \(sequence) "), found.output)
            try whole.write(to: URL(fileURLWithPath: state))
        }
        try FileManager.default.removeItem(atPath: "\(world.project)/.deployctl/audit.log")
        try world.run("audit", "verify").expect(19, "its anchor is gone")
    }

    func testATagOfSomebodyElsesIsNoAlarmBeforeTheFirstOfOurOwn() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"project\": \"shop\",",
            with: "\"project\": \"shop\", \"source\": {\"repository\": \".\", \"tag\": true},",
            in: "environments/base.json")
        try world.commit("Tag")
        func verify(_ what: String) throws {
            let found = try world.run("audit", "verify").expect(0, what)
            XCTAssertTrue(
                found.output.contains("speaks of another entry 1, and proves nothing"), found.output)
        }
        let head = "1:\(String(repeating: "a", count: 64))+\(String(repeating: "b", count: 64))"
        _ = try world.git("tag", "--annotate", "--message=audit \(head)", "deploy/production/forged")
        try verify("before anything was done")
        try world.run("staging").expect(0)
        let key = "\(world.project)/.deployctl/audit.key"
        let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? NSNumber
        XCTAssertEqual(mode?.intValue, 0o600, "the first entry comes with a key")
        try verify("with entries, and before any tag of our own")
        try FileManager.default.removeItem(atPath: key)
        try verify("where the key is gone")
        let said = try world.run("audit", "verify").expect(0).output
        XCTAssertTrue(said.contains("there is no audit.key in .deployctl"), said)
    }

    func testNothingIsSignedInAUserNamespace() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let refused = try world.runProgram([
            "unshare", "--user", "--map-root-user", world.binary, "-C", world.project, "approve",
            "release",
        ]).expect(12)
        XCTAssertTrue(refused.errors.contains("Nothing can be signed in a user namespace"), refused.errors)
        try world.run("approve", "release").expect(0)
    }

    /// Even where state and anchor are both put back, the tag of the deployment tells.
    func testATagTellsOfWhatWasPutBack() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"project\": \"shop\",",
            with: "\"project\": \"shop\", \"source\": {\"repository\": \".\", \"tag\": true},",
            in: "environments/base.json")
        try world.commit("Tag")
        try world.run("staging").expect(0)
        let tool = "\(world.project)/.deployctl"
        try world.runProgram(["cp", "\(tool)/state.db", "\(tool)/audit.log", world.folder]).expect(0)
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        let forged = ["99:\(String(repeating: "0", count: 64))", "1:\(String(repeating: "a", count: 64))+00"]
        for (index, head) in forged.enumerated() {
            _ = try world.git(
                "tag", "--annotate", "--message=audit \(head)", "deploy/production/forged\(index)")
        }
        let warned = try world.run("audit", "verify").expect(0, "whoever may push can make a tag")
        for (index, entry) in [99, 1].enumerated() {
            let note =
                "tag deploy/production/forged\(index) speaks of another entry \(entry), and proves nothing"
            XCTAssertTrue(warned.output.contains(note), warned.output)
            _ = try world.git("tag", "--delete", "deploy/production/forged\(index)")
        }
        let whole = try world.run("audit", "verify").expect(0)
        XCTAssertTrue(whole.output.contains("tags compared: 1."), whole.output)
        try world.runProgram(["cp", "\(world.folder)/state.db", "\(world.folder)/audit.log", tool]).expect(0)
        let found = try world.run("audit", "verify").expect(19)
        XCTAssertTrue(found.output.contains("tag deploy/production/"), found.output)
    }

    /// Wherever the power fails while an act is written down, the log is whole and nothing was done that it does not have.
    func testAKillAtAnyWriteLeavesTheLogWhole() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let tool = "\(world.project)/.deployctl"
        let calls = "?unlink,unlinkat,write,pwrite64,fsync,fdatasync"
        let places = [tool, "\(tool)/audit.log", "\(tool)/state.db", "\(tool)/state.db-journal"]
        var (killed, done) = (0, 0)
        for count in 1... {
            let strace =
                ["strace", "-qq", "-o", "/dev/null"] + places.flatMap { ["-P", $0] }
                + ["-e", "trace=\(calls)", "-e", "inject=\(calls):signal=SIGKILL:when=\(count)"]
            let run = try world.runProgram(
                strace + [world.binary, "-C", world.project, "lock", "acquire", "staging", "-m", "\(count)"])
            let isHeld = try world.run("lock", "show", "staging").expect(0).output.contains("held by")
            let last = try listed(world).first { $0.act != "end_hold" }?.act
            if isHeld { XCTAssertEqual(last, "hold", "write \(count): a hold that nobody wrote down") }
            try world.run("audit", "verify").expect(0, "after write \(count)")
            try world.run("lock", "release", "staging").expect(0)
            try world.run("audit", "verify").expect(0, "after write \(count) and the next act")
            done = run.status == 0 ? done + 1 : 0
            killed += run.status == 0 ? 0 : 1
            if done == 3 { break }
        }
        XCTAssertGreaterThan(killed, 8)
        print("killed at \(killed) writes")
    }
}
