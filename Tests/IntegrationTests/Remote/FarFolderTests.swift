import DeployTestSupport
import Foundation
import XCTest

/// The project's folder on the machine that serves moves for deployments alone, and nothing that stands in it is lost.
final class FarFolderTests: XCTestCase {
    func testAPlanMovesNothingThereAndGoesByTheCommitsDefinitions() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        let before = try state(shop)
        try shop.replace(
            "\"drain\": \"2s\"", with: "\"drain\": \"3s\", \"variables\": 7", in: "environments/base.json")
        try shop.commit("A definition that is wrong")
        for line in [["plan", "staging"], ["staging", "--dry-run"]] {
            let wrong = try shop.run(line).expect(10)
            XCTAssertTrue(wrong.errors.contains("variables"), wrong.errors)
        }
        try shop.replace(", \"variables\": 7", with: "", in: "environments/base.json")
        try shop.commit(version: "two")
        struct Plan: Decodable { let steps: [Step] }
        struct Step: Decodable { let id: String }
        let plan = try shop.run("plan", "staging", "--json").expect(0).json(Plan.self)
        XCTAssertFalse(plan.steps.isEmpty)
        XCTAssertEqual(try state(shop), before)
        XCTAssertEqual(try shop.version("staging"), "one")
    }

    /// Every file of the project's folder there with its content, where git stands, and what lies at the desk.
    private func state(_ shop: FarShop) throws -> String {
        let script = """
            cd \(shop.place) && git rev-parse HEAD && git status --porcelain && ls -d .git/deployctl/*definitions
            find . -path ./.git -prune -o -path ./.deployctl -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
            """
        return try shop.runProgram(["sh", "-c", script]).output
    }

    func testTwoWhoBringACommitAtOnceAreNotMixed() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        let (begun, other) = ("\(shop.folder)/begun", "\(shop.folder)/other")
        try shop.runProgram(["git", "clone", "--quiet", shop.project, other]).expect(0)
        try shop.replace(
            "\"watch\": \"0s\"",
            with:
                "\"build\": [[\"sh\", \"-c\", \"touch \(begun); while test -e \(begun); do sleep 0.1; done\"]], \"watch\": \"0s\"",
            in: "environments/base.json")
        try shop.commit("Build for long")
        let first = try shop.start([shop.binary, "staging", "--progress", "plain"])
        try expect(eventually(within: 20) { access(begun, F_OK) == 0 }, "the first one builds")
        let head = try there(shop, "rev-parse", "HEAD")

        try shop.runProgram(["git", "-C", other, "commit", "--quiet", "--allow-empty", "-m", "Other"]).expect(
            0)
        let refused = try shop.runProgram([shop.binary, "-C", other, "staging"]).expect(11)
        XCTAssertTrue(refused.errors.contains("Somebody else brings a commit"), refused.errors)
        XCTAssertTrue(refused.errors.contains("by ada since"), refused.errors)
        XCTAssertEqual(try there(shop, "rev-parse", "HEAD"), head)
        try shop.runProgram([shop.binary, "-C", other, "plan", "staging"]).expect(0)

        let waiting = try shop.start([shop.binary, "-C", other, "staging", "--lock-wait=60"])
        unlink(begun)
        try first.wait().expect(0)
        try waiting.wait().expect(0)
        XCTAssertNotEqual(try there(shop, "rev-parse", "HEAD"), head)
    }

    func testARunKeepsTheFolderWhereItIs() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        let head = try there(shop, "rev-parse", "HEAD")
        let lock = "\(shop.place)/.deployctl/production/lock"
        let holder = try shop.start(["flock", lock, "-c", "touch \(shop.folder)/held; sleep 30"])
        try expect(eventually(within: 20) { access("\(shop.folder)/held", F_OK) == 0 }, "it is held")
        try shop.commit(version: "two")
        let refused = try shop.run("staging").expect(11)
        XCTAssertTrue(refused.errors.contains("Another run holds production"), refused.errors)
        XCTAssertEqual(try there(shop, "rev-parse", "HEAD"), head)
        kill(-holder.pid, SIGKILL)
        kill(holder.pid, SIGKILL)
        try shop.run("staging", "--lock-wait=30").expect(0)
    }

    func testWhatWasCommittedThereIsKeptAndWhatIsInNoCommitIsNotMoved() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        try there(shop, "commit", "--quiet", "--allow-empty", "-m", "By hand")
        let made = try there(shop, "rev-parse", "HEAD")
        try shop.commit(version: "two")
        let told = try shop.run("staging").expect(0)
        XCTAssertTrue(told.errors.contains("it is kept as refs/deployctl/kept/\(made)"), told.errors)
        XCTAssertEqual(try there(shop, "rev-parse", "refs/deployctl/kept/\(made)"), made)
        try shop.commit(version: "three")
        XCTAssertFalse(try shop.run("staging").expect(0).errors.contains("refs/deployctl/kept"))

        let file = "\(shop.place)/environments/base.json"
        let changed = try String(contentsOfFile: file, encoding: .utf8) + "\n"
        try changed.write(toFile: file, atomically: true, encoding: .utf8)
        try shop.commit(version: "four")
        let refused = try shop.run("staging").expect(15)
        XCTAssertTrue(refused.errors.contains("environments/base.json"), refused.errors)
        XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), changed)
        XCTAssertEqual(try shop.version("staging"), "three")
        try there(shop, "checkout", "--quiet", "--", ".")
        try shop.run("staging").expect(0)
    }

    func testABranchIsWhatTheServersOwnRemoteSays() throws {
        let shop = try FarShop(for: self)
        try shop.replace(
            "\"promotion\"", with: "\"branches\": [\"main\"], \"promotion\"",
            in: "environments/production.json")
        try shop.commit("Only main")
        try shop.run("staging").expect(0)
        let believed = try shop.run("gates").expect(0)
        XCTAssertTrue(
            believed.output.replacingOccurrences(of: "\n", with: " ").contains("by the word of the machine"),
            believed.output)

        let forge = "\(shop.folder)/forge.git"
        try shop.git("init", "--quiet", "--bare", forge)
        try there(shop, "remote", "add", "origin", forge)
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains("the commit is on no branch"), refused.errors)
        try shop.git("push", "--quiet", forge, "main")
        let passed = try shop.run("gates").expect(0)
        XCTAssertFalse(passed.output.contains("by the word"), passed.output)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)

        try there(shop, "remote", "set-url", "origin", "\(shop.folder)/gone.git")
        let silent = try shop.run("gates")
        XCTAssertTrue(silent.errors.contains("origin does not answer there"), silent.errors)
    }

    @discardableResult
    private func there(_ shop: FarShop, _ words: String...) throws -> String {
        let identity = ["-c", "user.name=d", "-c", "user.email=d@e"]
        let ran = try shop.runProgram(["git", "-C", shop.place] + identity + words).expect(0)
        return ran.output.trimmingCharacters(in: .newlines)
    }
}
