import DeployTestSupport
import Foundation
import XCTest

/// Each gate refuses and then passes, through the built program, on a real repository and running services.
final class GateRefusalTests: XCTestCase {
    func testProofsOfTheRunningRelease() throws {
        let world = try DeployctlFixture(for: self)
        try world.write("not yet", to: "ci")
        try world.ask(
            #"""
            "soak": "6s", "logs": {"forbid": ["CATASTROPHE"]}, "checks": ["items"], "commands": [["grep", "-q", "green", "ci"]],
            "slo": {"path": "/version", "requests": 60, "concurrency": 3, "p95": "5s", "errorRate": 0}
            """#,
            checks: #"""
                [{"name": "items", "steps": [
                  {"request": "GET /version", "capture": {"process": "process"}, "expect": {"json": {"version": "one"}}},
                  {"request": "POST /items", "body": "by {process}", "expect": {"status": 201, "latency": "5s"}},
                  {"request": "GET /items", "expect": {"headers": {"Content-Type": "application/json"}}}]}]
                """#)
        let soak = try world.refuses("soak", "of 6s")
        XCTAssertNotNil(soak.opensAt)
        try world.refuses("commands", "grep -q green ci ended with 1")
        try world.write("green", to: "ci")
        try world.git("commit", "--quiet", "--all", "--message", "Green")
        try world.run("staging").expect(0)
        let opened = eventually(within: 30) { (try? world.gates(0)) != nil }
        XCTAssertTrue(opened, "the soak gate opens by itself")
        try world.run(
            "rollback", "previous", "--environment", "staging", "--code-only", "--dry-run", "--rehearse"
        ).expect(0)
        _ = try world.gates(0)
        XCTAssertTrue(try world.items("staging").contains { $0.hasPrefix("by ") }, "a value was captured")

        try world.run("restart", "staging", "web").expect(0)
        try world.refuses("soak", "of 6s")
        try world.append("CATASTROPHE strikes\n", to: "logs/staging/web.log")
        try world.refuses("logs", "web: 1 with CATASTROPHE")
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let after = try world.gates(12)
        XCTAssertEqual(try world.find("logs", in: after).verdict, "passed", "a new deployment begins anew")
        try world.refuses("checks", "items: GET /version: json.version is not what is expected")
    }

    func testWhatPeopleSay() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask(#""checklist": ["uploads work"], "approvals": 1, "approvalsExpire": "1h""#)
        let eve = ["DEPLOYCTL_PERFORMER": "eve"]
        func eveApproves(_ item: String) throws -> ProgramRun {
            try world.runAsRoot(for: 4242, "approve", item, environment: eve)
        }
        try world.refuses("checklist", "open: uploads work")
        try world.refuses("approvals", "0 of 1")
        try world.run("approve", "uploads work").expect(0, "alone, one may sign one's own release")
        try world.run("approve", "release", environment: eve).expect(0, "another name is nobody else")
        try eveApproves("release").expect(0)
        try world.refuses("checklist", "made the release")
        try world.run("approve", "uploads work", environment: eve).expect(
            12, "no self-approval once there are two, under any name")
        try eveApproves("nonsense").expect(17)
        try eveApproves("uploads work").expect(0)
        try world.pass("both are signed by somebody else")

        try world.commit(version: "two")
        try world.run("staging").expect(0)
        try world.refuses("approvals", "0 of 1")
        try eveApproves("uploads work").expect(0)
        try eveApproves("release").expect(0)
        let release = try world.stagedRelease()
        try world.run("veto", release).expect(2, "a veto needs a reason")
        try world.run("veto", release, "-m", "loses uploads").expect(0)
        try world.refuses("veto", "loses uploads")
        try world.run("clear", release, "-m", "it was the proxy").expect(0)
        try world.run("lock", "acquire", "production", "-m", "incident 7").expect(0)
        try world.refuses("hold", "incident 7")
        try world.run("lock", "release", "production").expect(0)
        try world.pass("nothing stands against it any more")
        try world.replace("\"1h\"", with: "\"2h\"", in: "environments/production.json")
        try world.git("commit", "--quiet", "--all", "--message", "Longer")
        try world.refuses("approvals", "the definition changed")
    }

    /// Whoever can write the state's file writes a row; the audit log has no entry for it.
    func testASignatureWrittenIntoTheStateByHandDoesNotCount() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask(#""approvals": 1"#)
        try world.run("approve", "release").expect(0)
        try world.pass("approved")
        func change(_ statement: String) throws {
            try world.runProgram(["sqlite3", "\(world.project)/.deployctl/state.db", statement]).expect(0)
        }
        let mallory = "replace(replace(who, '\"uid\":\(getuid())', '\"uid\":4242'), 'root', 'mallory')"
        try change("UPDATE release_approval SET performer = 'mallory', who = \(mallory)")
        try world.refuses("approvals", "is not in the audit log")
        let signed = try world.run("approvals").expect(0).output
        XCTAssertTrue(signed.contains("(void)"), signed)
        try change("DELETE FROM release_approval")
        try world.refuses("approvals", "0 of 1")
        try world.run("approve", "release").expect(0)
        try world.pass("signed again")
        let log = "\(world.project)/.deployctl/audit.log"
        try world.runProgram(["cp", log, "\(world.folder)/log"]).expect(0)
        try world.runProgram(["sed", "-i", "$d", log]).expect(0)
        try world.refuses("approvals", "is not in the audit log")
        try world.runProgram(["cp", "\(world.folder)/log", log]).expect(0)
        try world.pass("its line is back")
    }

    func testOnePersonIsNeverTwo() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask(#""approvals": 2"#)
        for name in ["alice", "bob", "carol"] {
            let forged = ["DEPLOYCTL_PERFORMER": name, "SUDO_USER": name, "GITHUB_ACTOR": name, "CI": "true"]
            try world.run("approve", "release", environment: forged).expect(0)
        }
        try world.refuses("approvals", "bob and alice are one account")
        try world.runAsRoot(for: 4242, "approve", "release").expect(0)
        try world.runAsRoot(for: 4243, "approve", "release").expect(0)
        try world.pass("two accounts that did not make it")
        let signed = try world.run("approvals", "--json").expect(0).output
        XCTAssertTrue(signed.contains(#""claims":["SUDO_USER=bob","GITHUB_ACTOR=bob"]"#), signed)
        XCTAssertTrue(signed.contains(#""person_uid":4242"#), signed)
    }

    func testCodeTimeAndOverrides() throws {
        let world = try DeployctlFixture(for: self)
        try world.git("init", "--quiet", "--bare", "\(world.folder)/far.git")
        try world.git("remote", "add", "origin", "\(world.folder)/far.git")
        try world.ask(#""pushed": true"#)
        try world.refuses("pushed", "no remote branch")
        try world.git("push", "--quiet", "origin", "main")
        try world.pass("the commit is pushed")
        try world.write("dirty", to: "app/version")
        try world.refuses("clean", "1 uncommitted change")
        try world.git("checkout", "--quiet", "app/version")
        try world.ask(
            #""freezes": [{"from": "2020-01-01T00:00:00Z", "to": "2099-01-01T03:00:00+03:00", "reason": "audit"}]"#
        )
        XCTAssertEqual(try world.refuses("freeze", "audit").opensAt, "2099-01-01T00:00:00Z")
        let open = #"{"from": "00:00", "to": "24:00", "timezone": "Europe/Moscow"}"#
        try world.ask(#""window": [\#(open)]"#)
        try world.pass("the window is open")
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let later = days[(Calendar(identifier: .gregorian).component(.weekday, from: Date()) + 1) % 7]
        try world.ask(
            #""window": [{"days": "\#(later)", "from": "09:00", "to": "10:00", "timezone": "Pacific/Auckland"}]"#
        )
        XCTAssertNotNil(try world.refuses("window", "closed").opensAt)
        try world.ask(#""window": [{"from": "00:00", "to": "24:00", "timezone": "Nowhere/Land"}]"#)
        try world.refuses("window", "Nowhere/Land is not known here")

        for gate in ["staged", "isolation", "backup-room", "lock", "CONFIRM"] {
            try world.run("production", "--override", gate, "--reason", "fire", "--confirm", "CONFIRM")
                .expect(2)
        }
        try world.run("production", "--override", "window", "--confirm", "CONFIRM").expect(2, "no reason")
        let done = try world.run(
            "production", "--override", "window", "--override", "clean", "--reason", "the shop burns",
            "--confirm",
            "CONFIRM"
        ).expect(0)
        XCTAssertTrue(done.errors.contains("overridden by ada"), done.errors)
        let history = try world.run("history", "production", "--json").expect(0).output
        XCTAssertTrue(history.contains("\"reason\":\"the shop burns\""), history)
        XCTAssertFalse(history.contains("\"gate\":\"clean\""), "an override that was not needed is not kept")
        let text = try world.run("history", "production").expect(0).output
        XCTAssertTrue(text.contains("against window"), text)
    }

    func testStatusAndGatesAgree() throws {
        struct Status: Decodable { let promotion: GatesSeen }
        let world = try DeployctlFixture(for: self)
        try world.ask(
            #""checks": ["up"], "slo": {"requests": 30, "path": "/version", "p95": "5s"}, "approvals": 1"#,
            checks: #"[{"name": "up", "request": "GET /health"}]"#)
        let gates = try world.gates(12)
        let status = try world.run("status", "--json").expect(0).json(Status.self).promotion
        XCTAssertEqual(status.gates, gates.gates)
        XCTAssertEqual(status.ready, gates.ready)
        XCTAssertEqual(gates.gates.filter { $0.verdict == "refused" }.map(\.id), ["approvals"])
    }
}
