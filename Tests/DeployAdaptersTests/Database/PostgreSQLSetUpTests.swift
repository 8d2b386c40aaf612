import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// The server that a container's image runs while it sets the real one up.
final class PostgreSQLSetUpTests: XCTestCase {
    func testAServerThatIsBeingSetUpDoesNotCountAsReady() throws {
        var definition = Environment.Database(engine: .postgresql)
        (definition.name, definition.user) = ("app", "app")
        definition.password = .environment("APP")
        let container = try DatabaseContainer("postgres:15", definition) { folder in
            let script = "until test -e /tmp/go; do sleep 0.1; done\n"
            try script.write(toFile: "\(folder)/wait.sh", atomically: true, encoding: .utf8)
            chmod("\(folder)/wait.sh", 0o644)
            return [
                "--env", "POSTGRES_USER=app", "--env", "POSTGRES_PASSWORD=hunter2",
                "--volume", "\(folder)/wait.sh:/docker-entrypoint-initdb.d/wait.sh:ro",
            ]
        }
        defer { container.remove() }
        XCTAssertTrue(eventually(within: 60) { container.runs("psql", "-Uapp", "-dapp", "-c", "SELECT 1") })
        let database = container.engine(FixedSecrets())
        XCTAssertThrowsError(try database.reach(DatabaseLocation("app"))) {
            let why = ($0 as? DeployError)?.why ?? ""
            XCTAssertTrue(why.contains("its image sets it up"), "\($0)")
        }
        XCTAssertTrue(container.runs("touch", "/tmp/go"))
        XCTAssertTrue(
            eventually(within: 60) {
                guard case .there? = try? database.reach(DatabaseLocation("app")) else { return false }
                return true
            })
    }
}
