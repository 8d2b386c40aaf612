import DeployTestSupport
import Foundation
import XCTest

/// The tool's memory and its copy are gone, and what lies on disk is put together again.
final class RebuiltStateTests: XCTestCase {
    /// Version one and two in both environments, and a row that only version two kept.
    private func deployed() throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.promote()
        return shop
    }

    private func lose(_ shop: DeployctlFixture, _ others: String...) throws {
        let paths = (["state.db", "state.db.copy"] + others).map { "\(shop.project)/.deployctl/\($0)" }
        try shop.runProgram(["rm", "-rf"] + paths).expect(0)
    }

    private func history(_ shop: DeployctlFixture) throws -> String {
        try shop.run("history", "--json").expect(0).output
    }

    func testEverythingIsKnownAgain() throws {
        let shop = try deployed()
        try shop.post("lost", to: "production")
        let (history, backups) = (try history(shop), try shop.backups("production"))
        let first = try XCTUnwrap(shop.names(in: ".deployctl/production/releases").first)
        let show = try shop.run("show", first, "--json").output
        try lose(shop)
        try shop.run("status").expect(16)
        try shop.run("adopt").expect(2)
        let adopted = try shop.run("adopt", "--state").expect(0)
        try expect(!adopted.output.contains("Nothing is promoted"), adopted.output)
        try expectEqual(try self.history(shop), history, "history")
        try expectEqual(try shop.run("show", first, "--json").output, show, "show")
        try expectEqual(try shop.backups("production").map(\.verified), backups.map(\.verified), "proofs")
        try shop.run("status").expect(0)
        let audit = try shop.run("audit", "verify").expect(0).output
        try expect(audit.contains("were lost with the state, which was rebuilt"), audit)
        try expect(audit.contains("4 records of runs, 0 logs, 2 releases, 1 backups"), audit)
        try shop.run("rollback", first, "--environment", "production", "--confirm", "CONFIRM").expect(0)
        try expectEqual(try shop.version("production"), "one", "the code")
        try expectEqual(try shop.items("production"), ["kept"], "the data")
        try expect(try shop.run("adopt", "--state").expect(0).output.contains("The state is whole"), "again")
        try expectEqual(try shop.run("audit", "verify").status, 0, "audit verify")
    }

    func testWhatStagingProvedIsPromotedWhereRecordsBearItOut() throws {
        let shop = try deployed()
        try shop.commit(version: "three")
        try shop.run("staging").expect(0)
        try lose(shop)
        try shop.run("adopt", "--state").expect(0)
        try shop.run("stop", "staging").expect(0)
        try expectEqual(try shop.status("staging").place.state, "stopped", "stopped")
        try shop.run("start", "staging").expect(0)
        try shop.promote()
        try expectEqual(try shop.version("production"), "three", "production")
        try expectEqual(try shop.items("production"), ["kept"], "the data")
    }

    func testWhatNoRecordBearsOutIsStagedAnew() throws {
        let forgeries: [(what: String, why: String, act: (DeployctlFixture) throws -> Void)] = [
            (
                "a veto after the last run", "audit.log goes on to entry",
                { shop in
                    let release = try XCTUnwrap(shop.names(in: ".deployctl/staging/releases").last)
                    try shop.run("veto", release.replacingOccurrences(of: ".manifest", with: ""), "-m", "bad")
                        .expect(0)
                }
            ),
            (
                "a record of somebody else's", "Nothing is promoted from staging",
                { try self.forge($0, marked: false) }
            ),
            ("a damaged record", "Nothing is promoted from staging", { try self.forge($0, marked: true) }),
        ]
        for forgery in forgeries {
            let shop = try deployed()
            try shop.commit(version: "three")
            try shop.run("staging").expect(0)
            try forgery.act(shop)
            try lose(shop)
            let adopted = try shop.run("adopt", "--state").expect(0).output
            try expect(adopted.contains(forgery.why), "\(forgery.what): \(adopted)")
            let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12, forgery.what)
            try expect(refused.errors.contains("deployctl staging"), refused.errors)
            let before = try shop.status("staging").place.release
            try shop.run("staging").expect(0, forgery.what)
            try expect(try shop.status("staging").place.release != before, "\(forgery.what): built anew")
            try shop.promote()
            try expectEqual(try shop.version("production"), "three", forgery.what)
        }
    }

    /// Says of the newest deployment to staging that somebody else made it.
    private func forge(_ shop: DeployctlFixture, marked: Bool) throws {
        let last = try XCTUnwrap(shop.names(in: ".deployctl/staging/records").last)
        let path = "\(shop.project)/.deployctl/staging/records/\(last)"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", maxSplits: 1)
        let text = String(lines[1].dropLast()).replacingOccurrences(
            of: "\"branch\":\"main\"", with: "\"branch\":\"mine\"")
        let digest = try shop.runProgram(["sha256sum"], input: text).output.prefix(64)
        let mark = marked ? String(lines[0]) : "\(digest) \(lines[0].split(separator: " ")[1])"
        try "\(mark)\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
    }

    func testWhatAnEarlierVersionLeftIsTakenFromLogsAndManifests() throws {
        let shop = try deployed()
        try lose(shop, "staging/records", "production/records")
        let releases = shop.names(in: ".deployctl/production/releases").filter { !$0.hasSuffix(".manifest") }
        let adopted = try shop.run("adopt", "--state").expect(0).output
        try expect(adopted.contains("4 runs, 2 releases, 1 backups"), adopted)
        try shop.run("history").expect(0)
        try shop.run("status").expect(0)
        try shop.run("production", "--confirm", "CONFIRM").expect(12)
        // Anybody could have written such a line: nobody goes back there.
        try shop.run("rollback", releases[0], "--environment", "production", "--confirm", "CONFIRM").expect(
            17)
        try expectEqual(try shop.status("production").place.release, releases[1], "what serves is known")
        try shop.run("backup", "verify", "production", "--all").expect(0)
    }

    func testKilledAnywhereItIsDoneAgain() throws {
        let shop = try deployed()
        let history = try history(shop)
        for call in 1...200 {
            try lose(shop)
            let calls = "fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink,unlinkat"
            let killed = try shop.runProgram([
                "strace", "-qq", "-f", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
                "inject=\(calls):signal=SIGKILL:when=\(call)", shop.binary, "adopt", "--state",
            ])
            let isThere = FileManager.default.fileExists(atPath: "\(shop.project)/.deployctl/state.db")
            try shop.run("adopt", "--state").expect(0, "after call \(call), state there: \(isThere)")
            try expectEqual(try self.history(shop), history, "killed at call \(call)")
            try expectEqual(try shop.run("audit", "verify").status, 0, "audit after call \(call)")
            try shop.run("status").expect(0)
            if killed.status == 0 {
                XCTAssertGreaterThan(call, 5)
                return
            }
        }
        XCTFail("it never came to its end")
    }
}
