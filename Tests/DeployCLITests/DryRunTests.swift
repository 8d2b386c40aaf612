import XCTest

@testable import DeployCLI
@testable import DeployCore

/// `-n` shows what would be done, or is refused; it never acts.
final class DryRunTests: XCTestCase {
    private func line(_ verb: Verb, _ more: String...) -> [String] {
        verb.path + verb.operands.filter { $0.arity == .required }.map { _ in "x" } + more
    }

    func testACommandWithoutStepsRefusesADryRun() {
        for verb in CommandTable.deployctl.verbs where !verb.flags.contains(where: { $0.key == "dry-run" }) {
            XCTAssertThrowsError(try ArgumentParser().parse(line(verb, "--dry-run")), verb.name) { error in
                XCTAssertEqual((error as? DeployError)?.code, .usage)
                XCTAssertEqual((error as? DeployError)?.why, "there is no dry run of it; nothing was done")
            }
            XCTAssertThrowsError(try ArgumentParser().parse(["--dry-run"] + line(verb)), verb.name)
        }
    }

    func testACommandThatChangesServicesOrDataHasOne() throws {
        for path in [
            "staging", "production", "rollback", "start", "stop", "restart", "resume", "abort", "exec", "db",
            "backup create", "backup restore", "backup copy", "backup verify", "backup prune", "backup pin",
            "hooks install",
        ] {
            let verb = try XCTUnwrap(CommandTable.deployctl.verb(path.components(separatedBy: " ")))
            XCTAssertTrue(try ArgumentParser().parse(line(verb, "-n")).globals.dryRun, path)
        }
    }

    func testWhatSignsForbidsOrHoldsHasNone() {
        for line in [
            "approve release -n", "veto 2026 -m x -n", "clear 2026 -m x -n", "lock acquire x -n",
            "lock release x -n",
        ] {
            XCTAssertThrowsError(try ArgumentParser().parse(line.components(separatedBy: " ")), line)
        }
    }

    func testWordsOfOtherToolsLeadToOurs() {
        for (word, ours) in [
            ("deploy", "staging"), ("promote", "production"), ("ps", "status"), ("undo", "rollback"),
        ] {
            XCTAssertThrowsError(try ArgumentParser().parse([word])) { error in
                XCTAssertEqual((error as? DeployError)?.next, "deployctl help \(ours)", word)
            }
        }
        XCTAssertThrowsError(try ArgumentParser().parse(["production", "-y"])) { error in
            XCTAssertEqual((error as? DeployError)?.why.contains("--confirm CONFIRM"), true)
        }
    }
}
