import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// The server in a data service's container, whose own clients are used.
final class PostgreSQLContainerTests: XCTestCase {
    private var container = ""

    private func docker(_ arguments: [String]) -> CommandResult {
        var request = CommandRequest(Command("docker", arguments))
        request.deadline = .seconds(60)
        return ProcessCommandRunner(interruption: FakeInterruption()).run(request)
    }

    override func setUpWithError() throws {
        guard docker(["image", "inspect", "postgres:15"]).succeeded else {
            throw lacking("container engine with the image postgres:15")
        }
        let project = "dctl-\(getpid())-\(UInt32.random(in: .min ... .max))"
        let started = docker(
            ["run", "--detach", "--rm", "--name", project, "--env", "POSTGRES_PASSWORD=hunter2"]
                + ["project=\(project)", "environment=staging", "service=database"].flatMap {
                    ["--label", "deployctl.\($0)"]
                } + ["postgres:15"])
        XCTAssertTrue(started.succeeded, started.errors)
        container = project
    }

    override func tearDownWithError() throws {
        if !container.isEmpty { XCTAssertTrue(docker(["rm", "--force", "--volumes", container]).succeeded) }
    }

    func testAServerInAContainerKeepsTheContractWithoutAnyPassword() throws {
        guard !container.isEmpty else { return }
        XCTAssertTrue(
            eventually(within: 60) {
                // The image's first server listens on its socket alone.
                self.docker(["exec", self.container, "psql", "-h127.0.0.1", "-Upostgres", "-c", "SELECT 1"])
                    .succeeded
                    || self.docker(["exec", self.container, "pg_isready", "-h127.0.0.1"]).succeeded
            })
        XCTAssertTrue(
            docker(["exec", container, "psql", "-Upostgres", "-c", "CREATE ROLE app LOGIN"]).succeeded)
        let folder = try makeTestFolder()
        var environment = Environment(name: "staging", project: container)
        environment.runtime.kind = .compose
        var definition = Environment.Database(engine: .postgresql)
        (definition.service, definition.name, definition.user) = ("database", "live", "app")
        definition.password = .environment("APP")
        definition.admin = .init(user: "postgres", password: .environment("ADMIN"))
        environment.database = definition
        let commands = ProcessCommandRunner(interruption: FakeInterruption())
        let engine = ApplicationDatabases(
            commands: commands, secrets: FixedSecrets(), files: LocalFileStore()
        )
        .engine(for: Layout(project: folder, environment: environment))
        try checkApplicationDatabaseContract(engine, root: folder) { DatabaseLocation($0) }
        let console = try engine.console(DatabaseLocation("live"))
        XCTAssertEqual(console.command.vector.prefix(3), ["docker", "exec", "-it"])
    }
}
