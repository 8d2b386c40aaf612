import DeployTestSupport
import Foundation
import XCTest

/// A key that may only propose: staging is its own, and in production a person confirms what it asked for.
final class GateKeeperTests: XCTestCase {
    private static let agents =
        "deployctl gate-keeper --allow staging,read,propose,exec,db,restart,lock-release,secret-set --as robot"

    private struct Entry: Decodable { let act, performer, trigger, subject, environment, outcome: String? }
    private struct Audit: Decodable { let entries: [Entry] }
    private struct Plan: Decodable { let planId, environment: String }

    /// By a person and by the key in turn.
    private func person<Value>(_ shop: FarShop, _ body: () throws -> Value) throws -> Value {
        try shop.useKey(nil)
        defer { try? shop.useKey(Self.agents) }
        return try body()
    }

    private func served() throws -> FarShop {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        try shop.useKey(Self.agents)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        XCTAssertEqual(try shop.version("staging"), "two")
        return shop
    }

    func testAnAgentProposesAndAPersonConfirmsThatPlan() throws {
        let shop = try served()
        let proposed = try shop.run("production", "--confirm", "CONFIRM", "--json").expect(13)
        let plan = try proposed.json(Plan.self)
        XCTAssertEqual(plan.environment, "production")
        XCTAssertTrue(
            proposed.errors.contains("deployctl production --confirm \(plan.planId)"), proposed.errors)
        XCTAssertEqual(try shop.version("production"), "one")

        let entry = try XCTUnwrap(
            shop.run("audit", "-n", "1", "--json").expect(0).json(Audit.self).entries.first)
        XCTAssertEqual(
            [entry.act, entry.performer, entry.trigger, entry.subject, entry.environment, entry.outcome],
            ["propose", "robot", "agent", plan.planId, "production", nil])
        try person(shop) {
            XCTAssertTrue(try shop.run("approvals").expect(0).output.contains(plan.planId))
            try shop.run("production", "--confirm", plan.planId).expect(0)
            XCTAssertEqual(try shop.version("production"), "two")
            XCTAssertFalse(try shop.run("approvals").expect(0).output.contains(plan.planId))
            try shop.run("audit", "verify").expect(0)
        }
        let back = try shop.run("rollback", "previous", "--json").expect(13).json(Plan.self)
        XCTAssertEqual(try shop.version("production"), "two")
        try person(shop) { _ = try shop.run("rollback", "previous", "--confirm", back.planId).expect(0) }
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testAPlanThatWasProposedEarlierIsNotTheOneThatIsRunLater() throws {
        let shop = try served()
        let plan = try shop.run("production", "--json").expect(13).json(Plan.self)
        try shop.commit(version: "three")
        try shop.run("staging").expect(0)
        try person(shop) {
            let refused = try shop.run("production", "--confirm", plan.planId).expect(13)
            XCTAssertTrue(refused.errors.contains("this plan's id"), refused.errors)
        }
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testNothingElseOfProductionIsAnAgents() throws {
        let shop = try served()
        let before = try state(shop)
        for line in [
            ["exec", "production", "web", "--", "id"], ["db", "production"], ["restart", "production"],
            ["lock", "release", "production"], ["secret", "set", "production", "TOKEN"],
            ["approve", "release"],
            ["veto", "previous", "-m", "x"], ["start", "production"], ["stop", "production"],
            ["abort", "production"],
            ["maintenance", "on", "production"], ["backup", "prune", "production"], ["boot", "install"],
            ["rollback", "previous", "--dry-run", "--rehearse"], ["backup", "create", "production"],
        ] {
            let refused = try shop.run(line, input: "x\n")
            XCTAssertTrue(
                [13, 2, 17].contains(refused.status), "\(line): \(refused.status) \(refused.errors)")
            XCTAssertNotEqual(refused.status, 2, "\(line): \(refused.errors)")
        }
        XCTAssertEqual(try state(shop), before)
        try person(shop) { _ = try shop.run("lock", "acquire", "production", "-m", "stocktaking").expect(0) }
        try shop.run("lock", "release", "production").expect(13)
        try shop.run("exec", "staging", "web", "--", "sh", "-c", "exit 7").expect(7)
        try shop.run("db", "staging", input: "SELECT 40 + 2;\n").expect(0)
        try shop.run("restart", "staging").expect(0)
        try shop.run("status").expect(0)
    }

    /// Whatever the line says, nothing is run that was not named.
    func testAStolenKeyOpensNothingElse() throws {
        let shop = try served()
        let before = try state(shop)
        let ssh = "\(shop.folder)/bin/ssh"
        let mark = "\(shop.folder)/mark"
        let lines = [
            "", "touch \(mark)", "deployctl status; touch \(mark)", "deployctl status\ntouch \(mark)",
            "deployctl $(touch \(mark))",
            "deployctl production --confirm CONFIRM",
            "deployctl --project=\(shop.place) production --confirm CONFIRM",
            "deployctl -C \(shop.place) production --confirm CONFIRM", "deployctl -H other status",
            "DEPLOYCTL_TRIGGER=terminal deployctl production --confirm CONFIRM",
            "deployctl exec production web -- touch \(mark)",
            "deployctl far-program -- \(shop.place) 20260101000000-1",
            "deployctl far-run -- \(shop.home) 20260101000000-1",
            "deployctl far-run -- \(shop.place)/../other 1",
            "deployctl far-greet --json -- /tmp", "deployctl report --output \(mark)",
            "deployctl report --output=\(mark)",
            "git-receive-pack '\(shop.home)'", "git-receive-pack '\(shop.place)/../shop'",
            "git-receive-pack \(shop.place)",
            "git-receive-pack '\(shop.place)' ; touch \(mark)", "git-upload-pack '/etc'",
            "git-upload-archive '\(shop.place)'",
            "git-receive-pack --advertise-refs '\(shop.place)'", "deployctl gate-keeper --allow read",
            "deployctl approve release", "deployctl lock release production", "deployctl boot install",
            "scp -t \(mark)",
        ]
        for line in lines {
            let run = try shop.runProgram([ssh, "-T", "--", "deploy@shop.example", line], input: "{}")
            XCTAssertTrue([2, 13].contains(run.status), "\(line): \(run.status) \(run.output) \(run.errors)")
            XCTAssertEqual(run.output.contains("uid="), false, line)
            XCTAssertTrue(line.contains("--confirm") || run.errors.contains("next"), "\(line): \(run.errors)")
        }
        XCTAssertFalse(FileManager.default.fileExists(atPath: mark))
        XCTAssertEqual(try state(shop), before)
        try shop.runProgram([ssh, "-T", "--", "deploy@shop.example", "deployctl status --json"]).expect(0)
    }

    /// What it sends as somebody else's is its own all the same.
    func testARequestIsTheKeysWhateverItSaysOfItself() throws {
        let shop = try served()
        let ssh = ["\(shop.folder)/bin/ssh", "-T", "--", "deploy@shop.example"]
        let head = try shop.runProgram(["git", "-C", shop.place, "rev-parse", "HEAD"]).expect(0).output
            .trimmingCharacters(in: .newlines)
        func greet(_ words: String, _ more: String = "", prefix: String = "") throws -> ProgramRun {
            let request = """
                {"words": \(words), "prefix": "\(prefix)", "performer": "ada", "trigger": "terminal", "hasLifeline": false\(more)}
                """
            return try shop.runProgram(ssh + ["deployctl far-greet --json -- \(shop.place)"], input: request)
        }
        for (words, more) in [
            (#"["status", "--project=/"]"#, ""), (#"["--host=other", "status"]"#, ""),
            (#"["approve", "release"]"#, ""),
            (#"["staging", "--environments=/tmp"]"#, ""), (#"["status"]"#, ", \"commit\": \"\(head)\""),
            (#"["far-program", "--", "a", "b"]"#, ""), (#"["start", "production"]"#, ""),
        ] {
            let refused = try greet(words, more)
            XCTAssertTrue(
                [2, 13].contains(refused.status), "\(words)\(more): \(refused.status) \(refused.output)")
        }
        for prefix in ["../", "app/", "./", "/", "app", "a/../", "/tmp/", "app//"] {
            let refused = try greet(#"["status"]"#, prefix: prefix)
            XCTAssertEqual(refused.status, 13, "\(prefix): \(refused.output)")
        }
        struct Greeting: Decodable { let request: String }
        for (words, code) in [
            (#"["production", "--confirm=CONFIRM"]"#, Int32(13)),
            (#"["exec", "--", "production", "web", "id"]"#, 13), (#"["db", "--", "production"]"#, 13),
        ] {
            let name = try greet(words).expect(0).json(Greeting.self).request
            let run = try shop.runProgram(ssh + ["deployctl far-run -- \(shop.place) \(name)"], input: "")
            XCTAssertEqual(run.status, code, "\(words): \(run.output) \(run.errors)")
        }
        XCTAssertEqual(try shop.version("production"), "one")

        try shop.useKey(nil)
        let persons = try greet(#"["production", "--confirm=CONFIRM"]"#).expect(0).json(Greeting.self).request
        try shop.useKey(Self.agents)
        let stolen = try shop.runProgram(ssh + ["deployctl far-run -- \(shop.place) \(persons)"], input: "")
        XCTAssertEqual(stolen.status, 13, stolen.errors)
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testAPushBringsCommitsAndMovesNoNameBack() throws {
        let shop = try served()
        let forms = ["GIT_SSH_COMMAND": "\(shop.folder)/bin/ssh"]
        let there = "deploy@shop.example:\(shop.place)"
        func push(_ names: String...) throws -> ProgramRun {
            try shop.runProgram(["git", "push", "--porcelain", there] + names, environment: forms)
        }
        try push("HEAD:refs/heads/feature").expect(0)
        XCTAssertNotEqual(try push("HEAD:refs/tags/deploy/production/20260101000000").status, 0)
        XCTAssertNotEqual(try push("HEAD:refs/remotes/origin/main").status, 0)
        XCTAssertNotEqual(try push("HEAD:refs/deployctl/kept/x").status, 0)
        XCTAssertNotEqual(try push(":refs/heads/feature").status, 0)
        XCTAssertNotEqual(try push("+HEAD~1:refs/heads/feature").status, 0)
        try shop.useKey("deployctl gate-keeper --allow read")
        let refused = try push("HEAD:refs/heads/other")
        XCTAssertNotEqual(refused.status, 0)
        XCTAssertTrue(refused.errors.contains("git-receive-pack is not for this key"), refused.errors)
        try shop.run("status").expect(0)
        try shop.run("gates").expect(0)
        try shop.run("staging").expect(13)
        try shop.run("production").expect(13)
    }

    func testASignalReachesWhatAnAgentRuns() throws {
        let shop = try served()
        let begun = "\(shop.folder)/begun"
        try shop.replace(
            "\"watch\": \"0s\"",
            with: "\"build\": [[\"sh\", \"-c\", \"touch \(begun); sleep 60\"]], \"watch\": \"0s\"",
            in: "environments/base.json")
        try shop.commit("Build for long")
        let run = try shop.start([shop.binary, "staging", "--progress", "plain"])
        try expect(eventually(within: 20) { access(begun, F_OK) == 0 }, "it builds")
        kill(run.pid, SIGINT)
        try run.wait().expect(130)
        XCTAssertEqual(try shop.version("staging"), "two")
    }

    /// Of two projects a key is for the one that its line names.
    func testAKeyIsForOneProject() throws {
        let shop = try served()
        let other = "\(shop.home)/deployctl/other"
        try shop.runProgram(["git", "clone", "--quiet", shop.place, other]).expect(0)
        let unnamed = try shop.run("status").expect(17)
        XCTAssertTrue(unnamed.errors.contains("more than one lies in"), unnamed.errors)
        try shop.useKey("\(Self.agents) --project deployctl/shop")
        try shop.run("status").expect(0)
        try shop.run("production").expect(13)
        try shop.useKey("\(Self.agents) --project deployctl/other")
        let foreign = try shop.run("status").expect(13)
        XCTAssertTrue(foreign.errors.contains("it belongs to another repository"), foreign.errors)
        for allowed in ["", " --allow production", " --allow staging,approve", " --allow all"] {
            try shop.useKey("deployctl gate-keeper --project deployctl/shop\(allowed)")
            let wrong = try shop.run("status").expect(10)
            XCTAssertTrue(wrong.errors.contains("--allow is wrong"), wrong.errors)
        }
    }

    func testAgentsOfThisMachineProposeToo() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        let agent = ["DEPLOYCTL_TRIGGER": "agent", "DEPLOYCTL_PERFORMER": "robot"]
        let plan = try shop.run("production", "--json", environment: agent).expect(13).json(Plan.self)
        let told = try shop.run("production", "--confirm", plan.planId, environment: agent).expect(13)
        XCTAssertTrue(told.output.contains("Plan \(plan.planId)"), told.output)
        XCTAssertTrue(told.errors.contains("proposed, not carried out"), told.errors)
        try shop.run("approve", "release", environment: agent).expect(13)
        try shop.run("lock", "acquire", "production", environment: agent).expect(13)
        try shop.run("lock", "acquire", "staging", environment: agent).expect(0)
        try shop.run("lock", "release", "staging", environment: agent).expect(0)
        try shop.run("production", "--confirm", plan.planId).expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
    }

    private func state(_ shop: FarShop) throws -> String {
        let script = """
            cd \(shop.place) && git rev-parse HEAD && git status --porcelain
            find .deployctl/production backups -type f -not -name '*.log' -not -path '*/run/*' -print0 | sort -z | xargs -0 sha256sum
            """
        return try shop.runProgram(["sh", "-c", script]).output
    }
}
