import DeployTestSupport
import Foundation
import XCTest

/// What somebody reads at night where a command that ran elsewhere did not go well, and whether what it says to type helps.
final class FarNightTests: XCTestCase {
    func testAFailureSaysWhereItHappenedAndIsAnsweredFromHere() throws {
        let shop = try FarShop(for: self)
        let (host, named) = (
            "deploy@shop.example", "\"project\": \"shop\", \"host\": \"deploy@shop.example\""
        )
        try shop.replace(named, with: "\"project\": \"shop\"", in: "environments/base.json")
        try shop.commit("Name no host")
        let done = try shop.run("staging", "-H", host).expect(0)
        XCTAssertTrue(done.errors.contains("Next: deployctl -H \(host) gates"), done.errors)
        let refused = try shop.run("rollback", "previous", "-H", host, "--confirm", "CONFIRM")
        XCTAssertTrue(refused.errors.contains("  on:    \(host)"), refused.errors)
        XCTAssertTrue(refused.errors.contains("deployctl -H \(host) "), refused.errors)
        let status = try shop.run("status", "production", "-H", host).expect(0)
        XCTAssertTrue(status.output.contains("Next: deployctl -H \(host) production"), status.output)
    }

    func testWhatIsWrongThereBeforeAnythingIsRunIsSaidAsThere() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        let git = "\(shop.place)/.git"
        try Data().write(to: URL(fileURLWithPath: "\(git)/HEAD"))
        let broken = try shop.run("status").expect(15)
        XCTAssertTrue(broken.errors.contains("deployctl: \(shop.place) is no repository"), broken.errors)
        XCTAssertTrue(broken.errors.contains("  on:    deploy@shop.example"), broken.errors)
        XCTAssertFalse(broken.errors.contains("refuses"), broken.errors)
        let json = try shop.run("status", "--json").expect(15)
        XCTAssertEqual(json.output, "")
        XCTAssertTrue(json.errors.contains("\"host\":\"deploy@shop.example\""), json.errors)

        try type(next(of: broken), shop)
        let other = try shop.run("staging").expect(15)
        try type(next(of: other).replacingOccurrences(of: "on that machine: ", with: ""), shop)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        XCTAssertEqual(try shop.version("staging"), "two")
    }

    /// Programs other than deployctl that a next step names are run.
    private func type(_ step: String, _ shop: FarShop) throws {
        let commands = step.components(separatedBy: ", then ")
            .map { $0.components(separatedBy: ": ").last ?? "" }
            .filter { $0.hasPrefix("mv ") || $0.hasPrefix("git ") }
            .map { $0.components(separatedBy: " puts the").first ?? $0 }
        XCTAssertEqual(commands.count, 2, step)
        for command in commands { try shop.runProgram(["sh", "-c", command]).expect(0) }
    }

    private func next(of run: ProgramRun) throws -> String {
        let after = try XCTUnwrap(run.errors.components(separatedBy: "  next:  ").last)
        return after.replacingOccurrences(of: "\n", with: " ")
    }

    func testAFailureIsToldThoughTheConnectionWasLost() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        try shop.write("", to: "../torn")
        let refused = try shop.run("production", "--release", "19990101000000", "--confirm", "CONFIRM")
            .expect(17)
        XCTAssertTrue(refused.errors.contains("ended with 17\ndeployctl: No release"), refused.errors)
        let json = try shop.run(
            "production", "--release", "19990101000000", "--confirm", "CONFIRM", "--json"
        ).expect(17)
        XCTAssertTrue(json.errors.contains("\"code\":17"), json.errors)
    }

    func testATerminalIsPutBackWhereSSHWasKilled() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        try shop.write("", to: "../raw")
        let run = try shop.runOnTerminal("status")
        try run.wait().expect(15)
        XCTAssertTrue(run.isSane)
    }

    func testWhereNoRequestHasRoomItLiesElsewhere() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        let desk = "\(shop.place)/.git/deployctl"
        try FileManager.default.removeItem(atPath: desk)
        try Data().write(to: URL(fileURLWithPath: desk))
        try shop.run("status").expect(0)
        try shop.run("exec", "staging", "web", "--", "sh", "-c", "exit 42").expect(42)
        try shop.run("restart", "staging").expect(0)
        let spare = "\(shop.folder)/runtime/deployctl"
        let left = try FileManager.default.contentsOfDirectory(atPath: spare)
        XCTAssertEqual(left.filter { $0.hasSuffix(".ending") }.count, 3, "\(left)")
        XCTAssertEqual(left.filter { $0.hasSuffix(".request") }, [])
        try FileManager.default.removeItem(atPath: spare)
        try Data().write(to: URL(fileURLWithPath: spare))
        let nowhere = try shop.run("status")
        XCTAssertTrue(nowhere.errors.contains(desk), nowhere.errors)
        XCTAssertNotEqual(nowhere.status, 0)
    }

    func testWithoutStandardInputItIsRunAsWithAnEmptyOne() throws {
        let shop = try FarShop(for: self)
        try shop.runProgram(["sh", "-c", "exec '\(shop.binary)' staging <&-"]).expect(0)
        try shop.runProgram(["sh", "-c", "exec '\(shop.binary)' production <&-"]).expect(13)
    }

    func testWhatIsInNoCommitIsSaidToStayHere() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        try shop.write("edited", to: "app/version")
        let told = try shop.run("staging").expect(0)
        XCTAssertTrue(told.errors.contains("What is in no commit stays here: app/version"), told.errors)
        XCTAssertFalse(try shop.run("staging", "--ref", "main").expect(0).errors.contains("stays here"))
        XCTAssertFalse(try shop.run("status").expect(0).errors.contains("stays here"))
    }

    func testAMissingSecretIsSetByTheCommandThatIsNamed() throws {
        let shop = try FarShop(for: self)
        try shop.replace(
            "\"extends\": \"base.json\",",
            with: "\"extends\": \"base.json\", \"secrets\": {\"TOKEN\": {\"file\": \".secrets/TOKEN\"}},",
            in: "environments/staging.json")
        try shop.append(".secrets/\n", to: ".gitignore")
        try shop.commit("Ask for a secret")
        let missing = try shop.run("staging").expect(10)
        XCTAssertTrue(
            missing.errors.contains("next:  deployctl secret set staging TOKEN, or"), missing.errors)
        try shop.run("secret", "set", "staging", "TOKEN", input: "canary").expect(0)
        try shop.run("staging").expect(0)
    }

    func testWhatSSHSaysIsReadBeforeAdviceIsGiven() throws {
        let shop = try FarShop(for: self)
        try shop.write(
            "ssh: Could not resolve hostname shop.example: Name or service not known", to: "../silent")
        let unknown = try shop.run("status").expect(15)
        XCTAssertTrue(unknown.errors.contains("correct \"host\" in"), unknown.errors)
        let typed = try shop.run("status", "-H", "deploy@shop.example").expect(15)
        XCTAssertTrue(typed.errors.contains("correct the name after --host"), typed.errors)
    }
}
