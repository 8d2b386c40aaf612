import Foundation
import XCTest

@testable import DeployCore

/// Tests on a real MySQL or MariaDB server.
class MySQLFixture: XCTestCase {
    private var made: MySQLPlace!
    var folder: String { made.folder }
    var stem: String { made.stem }
    var database: Environment.Database { made.definition }
    var live: DatabaseLocation { made.live }
    var layout: Layout { made.layout }
    var clientArguments: [String] { made.clientArguments }
    /// A new adapter, which knows nothing of what another one found out.
    var engine: any ApplicationDatabase { made.engine() }

    override func setUpWithError() throws { made = try MySQLPlace(for: self) }

    /// A database beside the live one.
    func sibling(_ suffix: String = "", second: Int = 1) -> DatabaseLocation {
        DatabaseLocation("\(stem)__202601010000\(second < 10 ? "0" : "")\(second)\(suffix)")
    }

    func engine(longest: Duration?) -> any ApplicationDatabase { made.engine(longest: longest) }

    /// What `change` says may name what the fixture has.
    func use(_ change: (inout Environment.Database) -> Void) {
        var definition = made.definition
        change(&definition)
        made.definition = definition
    }

    func writeSecret(_ text: String, to name: String) throws { try made.writeSecret(text, to: name) }

    /// Runs SQL as the application would; the lines it prints.
    @discardableResult
    func run(
        _ sql: String, in location: DatabaseLocation? = nil, file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> [String] {
        let result = MySQLPlace.client(clientArguments + (location.map { [$0.name] } ?? []), sql)
        XCTAssertTrue(result.succeeded, "\(result.errors)\n\(sql.prefix(2000))", file: file, line: line)
        return result.output.split(separator: "\n").map(String.init)
    }

    func start(_ program: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        return process
    }
}
