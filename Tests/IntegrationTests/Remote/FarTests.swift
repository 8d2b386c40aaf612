import DeployTestSupport
import Foundation
import XCTest

/// A command typed here runs on the machine that serves, as if it were typed there.
final class FarTests: XCTestCase {
    func testACommitTravelsIsPromotedByAWordTypedHereAndGoesBack() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging", "--reason", "it's $(id) \"\\").expect(0)
        XCTAssertEqual(try shop.version("staging"), "one")
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(shop.project)/.deployctl/state.db"))

        let person = try shop.runOnTerminal("production")
        try person.await("Type CONFIRM to deploy")
        person.type("CONFIRM\n")
        try person.wait().expect(0)
        XCTAssertEqual(try shop.version("production"), "one")

        struct History: Decodable {
            struct Deployment: Decodable { let performer, kind: String; let reason: String? }
            let deployments: [Deployment]
        }
        let history = try shop.run("history", "--json").expect(0).json(History.self)
        XCTAssertEqual(history.deployments.map(\.performer), ["Deploy", "Deploy"].map { _ in "ada" })
        XCTAssertEqual(history.deployments.last?.reason, "it's $(id) \"\\")

        try shop.run("exec", "production", "web", "--", "sh", "-c", "cat; exit 7", input: "piped").expect(7)
        XCTAssertEqual(
            try shop.run("db", "production", input: "SELECT 40 + 2;\n").expect(0).output.contains("42"), true)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.run("production", input: "CONFIRM\n").expect(13)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.version("production"), "two")
        try shop.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testABranchIsWhatTheRemoteSaysAndIsNeverMovedBack() throws {
        let shop = try FarShop(for: self)
        try shop.replace(
            "\"promotion\"", with: "\"branches\": [\"main\"], \"promotion\"",
            in: "environments/production.json")
        try shop.commit("Only main")
        try shop.git("init", "--quiet", "--bare", "\(shop.folder)/forge.git")
        try shop.git("remote", "add", "origin", "\(shop.folder)/forge.git")
        try shop.git("push", "--quiet", "origin", "main")
        try shop.commit(version: "unpushed")
        try shop.run("staging").expect(0)
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains("the commit is on no branch"), refused.errors)

        try shop.git("push", "--quiet", "origin", "main")
        try shop.run("staging").expect(0)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)

        let served = try shop.git("rev-parse", "main")
        try shop.git("reset", "--quiet", "--hard", "HEAD~1")
        try shop.commit(version: "rewritten")
        try shop.git("push", "--quiet", "--force", "origin", "main")
        let warned = try shop.run("staging").expect(0)
        XCTAssertTrue(warned.errors.contains("keeps its branch main"), warned.errors)
        let there = try shop.runProgram(["git", "-C", shop.place, "rev-parse", "main"]).expect(0)
        XCTAssertEqual(there.output, served)
        try shop.run("production", "--confirm", "CONFIRM").expect(12)
    }

    func testWhatDoesNotAnswerIsRefused() throws {
        let shop = try FarShop(for: self)
        try shop.write("", to: "../bare")
        let none = try shop.run("status").expect(15)
        XCTAssertTrue(none.errors.contains("There is no deployctl on deploy@shop.example"), none.errors)
    }

    func testSignalsAndTheEndOfThisProcessReachTheRunThere() throws {
        let shop = try FarShop(for: self)
        let begun = "\(shop.folder)/begun"
        try shop.replace(
            "\"watch\": \"0s\"",
            with: "\"build\": [[\"sh\", \"-c\", \"touch \(begun); sleep 60\"]], \"watch\": \"0s\"",
            in: "environments/base.json")
        try shop.commit("Build for long")
        for (signal, code) in [(SIGINT, Int32(130)), (SIGTERM, 143)] {
            let run = try shop.start([shop.binary, "staging", "--progress", "plain"])
            try awaitFile(begun)
            kill(run.pid, signal)
            try run.wait().expect(code)
        }
        let before = try outcomes(shop).count
        let run = try shop.start([shop.binary, "staging", "--progress", "plain"])
        try awaitFile(begun)
        kill(run.pid, SIGKILL)
        XCTAssertTrue(
            try eventually(within: 20) { try shop.run("lock", "show", "staging").output.contains("free") })
        let after = try outcomes(shop)
        XCTAssertEqual(after.count, before + 1)
        XCTAssertTrue(["interrupted", "failed"].contains(after.first), "\(after)")
    }

    /// Of staging's deployments, the newest first.
    private func outcomes(_ shop: FarShop) throws -> [String?] {
        struct History: Decodable {
            struct Deployment: Decodable { let outcome: String? }
            let deployments: [Deployment]
        }
        let answer = try shop.run("history", "staging", "--json").expect(0)
        return try answer.json(History.self).deployments.map(\.outcome)
    }

    private func awaitFile(_ path: String) throws {
        try expect(eventually(within: 20) { access(path, F_OK) == 0 }, "\(path) is made")
        unlink(path)
    }

    func testAnIgnoredFileOfTheServersIsNotOverwritten() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        let exclude = "\(shop.place)/.git/info/exclude"
        try Data("/local.txt\n".utf8).write(to: URL(fileURLWithPath: exclude))
        try Data("theirs\n".utf8).write(to: URL(fileURLWithPath: "\(shop.place)/local.txt"))
        try shop.commit(["local.txt": "ours\n"])
        try shop.run("staging").expect(15)
        XCTAssertEqual(try String(contentsOfFile: "\(shop.place)/local.txt", encoding: .utf8), "theirs\n")
    }

    func testAHookDoesNotReachProductionByGoingThere() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        let said = ["hook": "a git hook", "detached": "what started it has ended", "service": "a service of"]
        for (trigger, words) in said {
            let refused = try shop.run(
                "production", "--confirm", "CONFIRM", environment: ["DEPLOYCTL_TRIGGER": trigger]
            ).expect(13)
            XCTAssertTrue(refused.errors.contains(words), refused.errors)
        }
    }
}
