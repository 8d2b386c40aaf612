import DeployTestSupport
import Foundation
import XCTest

/// By the system's own ssh, on a machine of its own.
final class FarServerTests: XCTestCase {
    private var shop: ServedShop!

    func testEveryDay() throws {
        shop = try ServedShop("far", for: self)
        try bringASecret()
        try shop.run("staging").expect(0)
        try answerWrongly()
        try promoteAtATerminal()
        XCTAssertEqual(try shop.served("production"), "one")
        let status = try shop.run("status", "--json").expect(0)
        XCTAssertEqual(status.output.matches(of: /"state" ?: ?"healthy"/).count, 2, status.output)
        try useItsPrograms()
        try interrupt()
        try removeTheSecret()
        try loseTheRun()
    }

    private func bringASecret() throws {
        try shop.replace(
            "\"project\": \"shop\",",
            with:
                "\"project\": \"shop\", \"secrets\": {\"TOKEN\": {\"file\": \".secrets/TOKEN\"}}, \"sharedOnPurpose\": [\"secrets.TOKEN\"],",
            in: "environments/base.json")
        try shop.append(".secrets/\n", to: ".gitignore")
        try shop.commit("Ask for a secret")
        try shop.run("secret", "list", "staging").expect(10)
        let typed = try shop.runOnTerminal("secret", "set", "staging", "TOKEN")
        try typed.await("not shown")
        typed.type("canary-77\n")
        try typed.await("The same again")
        typed.type("canary-77\n")
        XCTAssertFalse(try typed.wait().expect(0).output.contains("canary-77"))
        let list = try shop.run("secret", "list", "production", "--json").expect(0)
        XCTAssertTrue(list.output.contains("\"fingerprint\""), list.output)
        XCTAssertFalse(list.output.contains("canary-77"), list.output)
        XCTAssertEqual(try shop.server.root("stat -c %a /home/deploy/deployctl/shop/.secrets/TOKEN"), "600\n")
    }

    /// The same answers as where the project lies: some of them, with `DEPLOYCTL_SOAK=1` all.
    private func answerWrongly() throws {
        let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        var tried = 0
        for (number, answer) in WrongAnswers.all.enumerated() where isSoak || number % 20 == 0 {
            XCTAssertEqual(try ask { $0.type(answer + "\n") }, 13, answer.debugDescription)
            tried += 1
        }
        for (number, gesture) in Gestures(served: shop).all.enumerated() where isSoak || number % 3 == 0 {
            let code = try ask(gesture.act)
            XCTAssertTrue([12, 13, 129, 130].contains(code), "\(gesture.name): \(code)")
            tried += 1
        }
        for input in ["CONFIRM\n", String(repeating: "CONFIRM\n", count: 1000), nil] {
            try shop.run("production", input: input).expect(13, "a piped word, or none")
        }
        try shop.run("production", "--confirm", "confirm").expect(13)
        XCTAssertNil(try shop.served("production"))
        print("CONFIRM over ssh: \(tried + 5) cases, one accepted")
        if isSoak { XCTAssertEqual(tried + 5, 104) }
    }

    private func ask(_ act: (TerminalRun) throws -> Void) throws -> Int32 {
        let run = try shop.runOnTerminal("production")
        try run.await("Type CONFIRM")
        try act(run)
        let code = try run.wait(upTo: 120).status
        return code < 0 ? 128 - code : code
    }

    private func promoteAtATerminal() throws {
        let typed = try shop.runOnTerminal("production")
        try typed.await("Type CONFIRM")
        typed.type("CONFIRM\n")
        try typed.wait(upTo: 120).expect(0)
    }

    private func useItsPrograms() throws {
        let token = try shop.run("exec", "production", "web", "--", "sh", "-c", "printf %s $TOKEN; exit 255")
            .expect(255)
        XCTAssertEqual(token.output, "canary-77")
        let piped = try shop.run(
            "exec", "production", "web", "--", "sh", "-c", "cat; exit 7", input: "through\n")
        XCTAssertEqual(try piped.expect(7).output, "through\n")
        let answer = try shop.run("db", "production", input: "SELECT 40 + 2;\n").expect(0)
        XCTAssertEqual(answer.output, "42\n")
    }

    /// Ctrl-C at a terminal, and a signal where there is none.
    private func interrupt() throws {
        try shop.replace("\"watch\": \"0s\"", with: "\"watch\": \"6s\"", in: "environments/base.json")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let typed = try shop.runOnTerminal("production", "--confirm", "CONFIRM", "--progress", "plain")
        try typed.await("Watch it for 6 s: started", within: 120)
        typed.type("\u{3}")
        try typed.wait(upTo: 120).expect(130)
        XCTAssertEqual(try shop.served("production"), "one")
        let run = try shop.start([shop.binary, "production", "--confirm", "CONFIRM", "--progress", "plain"])
        try run.awaitError("Watch it for 6 s: started", within: 120)
        kill(run.pid, SIGTERM)
        try run.wait(upTo: 120).expect(143)
        XCTAssertEqual(try shop.served("production"), "one")
        try shop.run("status", "production").expect(0)
    }

    private func removeTheSecret() throws {
        let typed = try shop.runOnTerminal("secret", "remove", "staging", "TOKEN")
        try typed.await("TOKEN")
        typed.type("token\n")
        try typed.wait().expect(13)
        try shop.run("secret", "list", "staging").expect(0)
    }

    /// Nobody took back what was killed there; the next command says so and settles it.
    private func loseTheRun() throws {
        let run = try shop.start([shop.binary, "production", "--confirm", "CONFIRM", "--progress", "plain"])
        try run.awaitError("Watch it for 6 s: started", within: 120)
        try shop.server.root("pkill -KILL -x deployctl")
        let lost = try run.wait(upTo: 120).expect(20)
        XCTAssertTrue(lost.errors.contains("deployctl status"), lost.errors)
        try shop.run("status", "production").expect(18)
        try shop.run("production", "--confirm", "CONFIRM").expect(18)
        try shop.run("abort", "production").expect(0)
        XCTAssertEqual(try shop.served("production"), "one")
    }
}
