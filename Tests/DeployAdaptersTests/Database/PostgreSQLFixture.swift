import DeployAdapters
import Foundation
import XCTest

@testable import DeployCore

/// Tests on a real PostgreSQL server.
class PostgreSQLFixture: XCTestCase {
    private var made: PostgreSQLPlace!
    var database: PostgreSQLApplicationDatabase { made.engine() }
    var folder: String { made.folder }
    var prefix: String { made.prefix }
    var role: String { made.role }
    var live: DatabaseLocation { made.live }
    var server: PostgreSQLPlace.Server { made.server }

    override func setUpWithError() throws { made = try PostgreSQLPlace(for: self) }

    func location(_ name: String) -> DatabaseLocation { made.location(name) }

    func layout() -> Layout { made.layout() }

    func engine(
        appPassword: String = "hunter2", layout: Layout? = nil, longest: Duration? = nil
    ) -> PostgreSQLApplicationDatabase {
        made.engine(appPassword: appPassword, layout: layout, longest: longest)
    }

    /// Runs SQL as another program would, and returns its rows.
    @discardableResult
    func sql(_ text: String, in location: DatabaseLocation? = nil) throws -> [String] {
        try made.sql(text, in: location)
    }

    /// Starts SQL that goes on while the test does something else.
    func start(_ text: String, in location: DatabaseLocation? = nil) throws -> Process {
        try made.start(text, in: location)
    }
}
