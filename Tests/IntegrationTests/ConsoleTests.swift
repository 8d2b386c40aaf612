import DeployTestSupport
import Foundation
import XCTest

/// `exec` and `db` give this process to another program.
final class ConsoleTests: XCTestCase {
    private var fixture: DeployctlFixture!

    override func setUpWithError() throws {
        fixture = try DeployctlFixture(for: self)
        try fixture.run("staging").expect(0)
    }

    func testAProgramRunsInTheReleaseWithTheServicesVariables() throws {
        let script = "pwd; echo $DEPLOYCTL_RELEASE $DATABASE_URL; exit 9"
        let run = try fixture.run("exec", "staging", "web", "--", "sh", "-c", script).expect(9)
        let lines = run.output.split(separator: "\n")
        let release = try XCTUnwrap(lines.first?.split(separator: "/").last)
        XCTAssertTrue(run.output.contains("/.deployctl/staging/releases/\(release)\n"), run.output)
        XCTAssertTrue(lines[1].hasPrefix("\(release) sqlite:////"), run.output)
    }

    func testItTakesWhatIsWrittenToItAndKeepsSignalsAsTheyAre() throws {
        XCTAssertEqual(
            try fixture.run("exec", "staging", "web", "--", "cat", input: "hello").expect(0).output, "hello")
        // A broken pipe ends a program that does not expect one: SIGPIPE must not be ignored.
        let status = try fixture.run("exec", "staging", "web", "--", "sh", "-c", "kill -PIPE $$; echo on")
        XCTAssertEqual(status.status, -SIGPIPE, status.output)
    }

    /// What runs inside a service is a commit's own, whoever asked for it, be it a person or a schedule.
    func testAProgramOfACommitPromotesNothing() throws {
        let words = [fixture.binary, "-C", fixture.project, "production", "--confirm", "CONFIRM"]
        let run = try fixture.run(["exec", "staging", "web", "--"] + words).expect(13)
        XCTAssertTrue(run.errors.contains("A service may not change production"), run.errors)
        try fixture.promote()
    }

    func testWhatIsNotThereIsNamed() throws {
        let unknown = try fixture.run("exec", "staging", "wbe", "--", "true").expect(17)
        XCTAssertTrue(unknown.errors.contains("known are web"), unknown.errors)
        let missing = try fixture.run("exec", "staging", "web", "--", "no-such-program").expect(15)
        XCTAssertTrue(missing.errors.contains("deployctl exec staging web -- ls"), missing.errors)
        XCTAssertTrue(
            try fixture.run("exec", "staging", "web", "--", "ls").expect(0).output.contains("app"))
        try fixture.run("exec", "staging", "web").expect(2)
        try fixture.run("exec", "production", "web", "--", "true").expect(17)
    }

    func testADryRunShowsTheConsole() throws {
        let run = try fixture.run("db", "staging", "--dry-run").expect(0)
        XCTAssertTrue(run.output.hasPrefix("sqlite3 "), run.output)
        XCTAssertTrue(run.output.contains("/shared/data/app.db."), run.output)
    }
}
