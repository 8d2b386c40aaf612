import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// Databases on a real server, named after the test's own folder and removed afterwards.
class MySQLFixture: XCTestCase {
    private(set) var folder = ""
    private(set) var stem = ""
    private(set) var database = Environment.Database(engine: .mysql)

    override func setUpWithError() throws {
        let variables = ProcessInfo.processInfo.environment
        guard let host = variables["TB_MARIADB_HOST"], let user = variables["TB_MARIADB_USER"],
            let password = variables["TB_MARIADB_PASSWORD"]
        else {
            throw lacking("MySQL or MariaDB server named by TB_MARIADB_HOST, _USER and _PASSWORD")
        }
        folder = try makeTestFolder()
        stem = "dct_\(UInt32.random(in: .min ... .max))"
        database.host = host
        database.port = variables["TB_MARIADB_PORT"].flatMap(Int.init)
        database.name = stem
        database.user = user
        database.password = .file("password")
        try writeSecret(password, to: "password")
        let (stem, client) = (stem, try clientFile(user: user, password: password))
        addTeardownBlock { try Self.removeAll(stem, client, host, variables["TB_MARIADB_PORT"] ?? "3306") }
    }

    var live: DatabaseLocation { DatabaseLocation(stem) }

    /// A database beside the live one.
    func sibling(_ suffix: String = "", second: Int = 1) -> DatabaseLocation {
        DatabaseLocation("\(stem)__202601010000\(second < 10 ? "0" : "")\(second)\(suffix)")
    }

    var layout: Layout {
        var environment = Environment(name: "staging", project: "shop")
        environment.database = database
        return Layout(project: folder, environment: environment)
    }

    /// A new adapter, which knows nothing of what another one found out.
    var engine: any ApplicationDatabase { engine(longest: nil) }

    func engine(longest: Duration?) -> any ApplicationDatabase {
        let commands = ProcessCommandRunner(interruption: FakeInterruption(), longest: longest)
        return ApplicationDatabases(
            commands: commands, secrets: LocalSecretStore(project: folder, commands: commands),
            files: LocalFileStore()
        ).engine(for: layout)
    }

    func use(_ change: (inout Environment.Database) -> Void) { change(&database) }

    func writeSecret(_ text: String, to name: String) throws {
        try LocalFileStore().publish(Data(text.utf8), to: "\(folder)/\(name)")
    }

    private func clientFile(user: String, password: String) throws -> String {
        let path = "\(folder)/fixture.cnf"
        try LocalFileStore().publish(
            Data(MySQLOptionFile.text(user: user, password: password).utf8), to: path)
        return path
    }

    var clientArguments: [String] {
        [
            "--defaults-file=\(folder)/fixture.cnf", "--protocol=TCP", "--host=\(database.host ?? "")",
            "--port=\(database.port ?? 3306)", "--batch", "--skip-column-names",
            "--default-character-set=utf8mb4",
        ]
    }

    /// Runs SQL as the application would; the lines it prints.
    @discardableResult
    func run(
        _ sql: String, in location: DatabaseLocation? = nil, file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> [String] {
        let result = Self.client(clientArguments + (location.map { [$0.name] } ?? []), sql)
        XCTAssertTrue(result.succeeded, "\(result.errors)\n\(sql.prefix(2000))", file: file, line: line)
        return result.output.split(separator: "\n").map(String.init)
    }

    static func client(_ arguments: [String], _ sql: String) -> CommandResult {
        var request = CommandRequest(Command("/usr/bin/mariadb", arguments))
        request.input = Data(sql.utf8)
        request.deadline = .seconds(120)
        return ProcessCommandRunner(interruption: FakeInterruption()).run(request)
    }

    func start(_ program: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        return process
    }

    private static func removeAll(_ stem: String, _ file: String, _ host: String, _ port: String) throws {
        let arguments = [
            "--defaults-file=\(file)", "--protocol=TCP", "--host=\(host)", "--port=\(port)", "--batch",
            "--skip-column-names",
        ]
        let names = client(
            arguments,
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '\(stem)%';"
                + "SELECT CONCAT(':', quote(user), '@', quote(host)) FROM mysql.user WHERE user LIKE '\(stem)%';"
        )
        for name in names.output.split(separator: "\n") {
            _ = client(
                arguments, name.hasPrefix(":") ? "DROP USER \(name.dropFirst());" : "DROP DATABASE `\(name)`;"
            )
        }
    }
}
