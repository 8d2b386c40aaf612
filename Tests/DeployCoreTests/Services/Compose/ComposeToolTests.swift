import DeployTestSupport
import XCTest

@testable import DeployCore

final class ComposeToolTests: XCTestCase {
    private let plugin = Command("docker", ["compose", "version", "--short"])
    private let standalone = Command("docker-compose", ["version", "--short"])
    private let refused = CommandResult(.exited(125), errors: "docker: unknown command: docker compose")

    private func runner(_ plugin: CommandResult, _ standalone: CommandResult) -> FakeCommandRunner {
        let runner = FakeCommandRunner()
        runner.answer(Command("docker", ["compose", "ps"]), with: refused)
        runner.answer(Command("docker-compose", ["ps"]), with: CommandResult(.exited(0), output: "mine"))
        runner.answer(self.plugin, with: plugin)
        runner.answer(self.standalone, with: standalone)
        return runner
    }

    func testTheStandaloneProgramServesWhereThePluginIsMissing() throws {
        let runner = runner(refused, CommandResult(.exited(0), output: "2.12.2\n"))
        XCTAssertEqual(try ComposeTool(commands: runner).run(["ps"]).output, "mine")
    }

    func testAFailureOfThePluginIsItsOwn() throws {
        let runner = runner(CommandResult(.exited(0), output: "v2.40.3\n"), refused)
        XCTAssertEqual(try ComposeTool(commands: runner).run(["ps"]), refused)
        XCTAssertFalse(runner.ran.contains { $0.program == "docker-compose" })
    }

    func testVersionOneIsRefusedByName() {
        let runner = runner(refused, CommandResult(.exited(0), output: "1.29.2\n"))
        XCTAssertThrowsError(try ComposeTool(commands: runner).run(["ps"])) {
            XCTAssertEqual(($0 as? DeployError)?.what, "docker-compose 1.29.2 is too old")
        }
    }

    func testNoComposeAtAllIsSaid() {
        let runner = runner(refused, CommandResult(.notStarted("docker-compose is not installed")))
        XCTAssertThrowsError(try ComposeTool(commands: runner).run(["ps"])) {
            XCTAssertEqual(($0 as? DeployError)?.what, "Compose is not there")
        }
    }

    func testVersionsAreReadAsPeopleWriteThem() {
        for version in ["v2.40.3", "2.0.0", "2.40.3-desktop.1", "5.0"] {
            XCTAssertTrue(ComposeTool.isRecent(version), version)
        }
        for version in ["1.29.2", "v1.0", "", "dev"] {
            XCTAssertFalse(ComposeTool.isRecent(version), version)
        }
    }

    func testALogGoesOnJustAfterItsLastLine() {
        XCTAssertEqual(
            ContainerLogs.after("2026-11-21T08:05:00.914461086Z serving"), "2026-11-21T08:05:00.914461087Z")
        XCTAssertEqual(
            ContainerLogs.after("2026-11-21T08:05:00.000000099Z x"), "2026-11-21T08:05:00.000000100Z")
        for line in ["serving", "", "2026-11-21 08:05 x", "2026-11-21T08:05:00.9Z x"] {
            XCTAssertNil(ContainerLogs.after(line), line)
        }
    }

    func testNoVariableOfADefinitionDecidesWhichProgramOrSettingsAreUsed() throws {
        let runner = FakeCommandRunner()
        runner.answer(where: { _ in true }, with: CommandResult(.exited(0), output: "{}"))
        let variables = [
            "PATH": "/srv/app/bin", "HOME": "/srv/app", "DOCKER_CONFIG": "/srv/app", "COMPOSE_FILE": "x",
            "COLOUR": "red", "DOCKERS": "1",
        ]
        _ = try ComposeTool(commands: runner).parse(["config"], variables: variables)
        XCTAssertEqual(runner.requests.map(\.environment), [["COLOUR": "red", "DOCKERS": "1"]])
    }
}
