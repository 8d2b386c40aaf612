import DeployTestSupport
import Foundation
import XCTest

/// A key that may only propose, by the system's own ssh and sshd.
final class KeyServerTests: XCTestCase {
    private var shop: ServedShop!
    private var agent: [String: String] = [:]

    private struct Plan: Decodable { let planId: String }

    func testAnAgentWithAKeyOfItsOwn() throws {
        shop = try ServedShop("key", for: self)
        try shop.run("staging").expect(0)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        agent = try shop.letIn(
            by: #"command="deployctl gate-keeper --allow staging,read,propose,exec --as robot",restrict"#)
        try propose()
        try tryProduction()
        try tryTheMachine()
    }

    private func propose() throws {
        try shop.commit(version: "two")
        try shop.run("staging", environment: agent).expect(0)
        XCTAssertEqual(try shop.served("staging"), "two")
        let plan = try shop.run("production", "--json", environment: agent).expect(13).json(Plan.self)
        try shop.run("production", "--confirm", "CONFIRM", environment: agent).expect(13)
        try shop.run("production", "--confirm", plan.planId, environment: agent).expect(13)
        XCTAssertEqual(try shop.served("production"), "one")
        let listed = try shop.run("approvals").expect(0).output
        XCTAssertTrue(listed.contains("Proposed by robot") && listed.contains(plan.planId), listed)
        try shop.run("production", "--confirm", plan.planId).expect(0)
        XCTAssertEqual(try shop.served("production"), "two")
        let audit = try shop.run("audit", "--json").expect(0).output
        XCTAssertTrue(audit.contains(#""trigger":"agent""#) && audit.contains(#""act":"propose""#), audit)
    }

    /// At a terminal too, where the word would be asked for.
    private func tryProduction() throws {
        let typed = try shop.runOnTerminal("rollback", "previous", environment: agent)
        typed.type("CONFIRM\n")
        let ended = try typed.wait(upTo: 120)
        XCTAssertEqual(ended.status, 13, ended.output)
        XCTAssertFalse(ended.output.contains("Type CONFIRM"), ended.output)
        try shop.run("exec", "staging", "web", "--", "sh", "-c", "exit 7", environment: agent).expect(7)
        for line in [
            ["exec", "production", "web", "--", "id"], ["db", "production"], ["approve", "release"],
            ["lock", "release", "production"],
            ["rollback", "previous", "--confirm", "CONFIRM"],
        ] {
            let refused = try shop.run(line, environment: agent)
            XCTAssertEqual(refused.status, 13, "\(line): \(refused.output) \(refused.errors)")
        }
        XCTAssertEqual(try shop.served("production"), "two")
    }

    /// With ssh itself, past deployctl.
    private func tryTheMachine() throws {
        let ssh = "\(shop.folder)/other-bin/ssh"
        let lines = [
            "id", "deployctl status; id", "deployctl status\nid", "deployctl $(id)", "bash -l",
            "scp -t /tmp/x",
            "git-receive-pack '/home/deploy/other'", "git-upload-pack '/etc'; id", "deployctl -C / status",
            "deployctl far-program -- /home/deploy/deployctl/shop 20260101000000-1",
            "DEPLOYCTL_TRIGGER=terminal deployctl production --confirm CONFIRM",
        ]
        for line in lines {
            let run = try shop.runProgram([ssh, "-T", "deploy@shop.example", line], input: "")
            XCTAssertTrue([2, 13].contains(run.status), "\(line): \(run.status) \(run.output) \(run.errors)")
            XCTAssertEqual(run.output, "", line)
        }
        for words in [["-T"], ["-tt"], ["-T", "-s"]] {
            let system = words.last == "-s" ? ["sftp"] : []
            let shell = try shop.runProgram([ssh] + words + ["deploy@shop.example"] + system, input: "id\n")
            XCTAssertTrue([2, 13, 255].contains(shell.status), "\(words): \(shell.status) \(shell.output)")
            XCTAssertFalse(shell.output.contains("uid="), shell.output)
        }
        let spoken = try shop.runProgram(
            [ssh, "-T", "deploy@shop.example", "deployctl", "status", "--json"], input: "")
        XCTAssertTrue(try spoken.expect(0).output.contains("\"environments\""))
    }
}
