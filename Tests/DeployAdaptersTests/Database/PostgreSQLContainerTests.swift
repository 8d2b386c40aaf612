import DeployTestSupport
import XCTest

@testable import DeployCore

/// The server in a data service's container, whose own clients are used without any password.
final class PostgreSQLContainerTests: DatabaseContract {
    private static let container = Result {
        var definition = Environment.Database(engine: .postgresql)
        (definition.name, definition.user) = ("live", "app")
        definition.password = .environment("APP")
        definition.admin = .init(user: "postgres", password: .environment("ADMIN"))
        let container = try DatabaseContainer("postgres:15", definition) { _ in
            ["--env", "POSTGRES_PASSWORD=hunter2"]
        }
        XCTAssertTrue(
            eventually(within: 60) {
                // The image's first server listens on its socket alone.
                container.runs("pg_isready", "-h127.0.0.1")
            })
        XCTAssertTrue(container.runs("psql", "-Upostgres", "-c", "CREATE ROLE app LOGIN"))
        return container
    }

    override func tearDown() { removeDatabases() }

    override class func tearDown() { try? container.get().remove() }

    override func makeWorld() throws -> World {
        World(
            database: try Self.container.get().engine(FixedSecrets()), root: try makeTestFolder(),
            live: DatabaseLocation("live"))
    }

    func testTheConsoleIsTheContainersOwn() throws {
        let console = try world.database.console(world.live)
        XCTAssertEqual(
            console.command.vector.prefix(3),
            ["docker", "exec", isatty(0) == 1 && isatty(1) == 1 ? "-it" : "-i"])
    }
}
