import DeployTestSupport
import XCTest

@testable import DeployCore

final class ProgramCallTests: XCTestCase {
    func testACallFitsTheCommandsItsNamesStandFor() {
        for (printed, started, fits) in [
            ("git tag", "git tag", true), ("git tag", "git", false), ("git tag", "git tag more", false),
            ("git", "tag", false),
            ("curl http://127.0.0.1:{port}/health", "curl http://127.0.0.1:80/health", true),
            ("curl http://127.0.0.1:{port}/health", "curl http://127.0.0.1:80/other", false),
            ("cp {folder} {copy}", "cp /a /b", true), ("cp {folder} {copy}", "cp /a", false),
            ("psql {arguments…}", "psql", true), ("psql {arguments…}", "psql a b c", true),
            ("psql {arguments…}", "pg_dump", false),
            (
                "docker exec {options…} {container} psql {arguments…}", "docker exec -i --env A=b c1 psql -X",
                true
            ),
            ("docker exec {options…} {container} psql {arguments…}", "docker exec c1 mysql", false),
            ("docker {{json.Id}}", "docker {{json.Id}}", true), ("docker {{json.Id}}", "docker x", false),
            ("a{x}a", "aa", true), ("a{x}a", "a", false), ("ü{x}\u{301}", "üe\u{301}", true),
        ] {
            let call = ProgramCall(words(printed))
            XCTAssertEqual(call.fits(words(started)), fits, "\(started) by \(printed)")
        }
    }

    func testConditionsAddUp() {
        let call = ProgramCall(Command("psql")).when("it is there").when("anything was written")
        XCTAssertEqual(call.condition, "anything was written, and it is there")
    }

    func testAStepStartsWhatItsPlanPrintsAndNothingElse() {
        let base = FakeCommandRunner()
        base.answer(Command("git", ["tag"]), with: CommandResult(.exited(0)))
        let commands = PlannedCommands(base: base, calls: [ProgramCall(Command("git", ["tag"]))])
        let (printed, other) = (
            CommandRequest(Command("git", ["tag"])), CommandRequest(Command("git", ["gc"]))
        )
        XCTAssertTrue(commands.run(printed).succeeded)
        XCTAssertTrue(commands.run(other).explanation.contains("the plan does not print it"))
        XCTAssertFalse(commands.runTogether([printed, other]).contains(where: \.succeeded))
        XCTAssertFalse(commands.runPiped(other, into: printed).1.succeeded)
        XCTAssertEqual(base.ran, [printed.command])
    }

    private func words(_ text: String) -> Command {
        let words = text.split(separator: " ").map(String.init)
        return Command(words[0], Array(words.dropFirst()))
    }
}
