import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Databases on a real server, named after one test and removed after it.
struct MySQLPlace {
    let folder: String
    let stem: String
    var definition = Environment.Database(engine: .mysql)

    init(for test: XCTestCase) throws {
        let variables = ProcessInfo.processInfo.environment
        guard let host = variables["TB_MARIADB_HOST"], let user = variables["TB_MARIADB_USER"],
            let password = variables["TB_MARIADB_PASSWORD"]
        else {
            throw lacking("MySQL or MariaDB server named by TB_MARIADB_HOST, _USER and _PASSWORD")
        }
        folder = try test.makeTestFolder()
        stem = "dct_\(UInt32.random(in: .min ... .max))"
        definition.host = host
        definition.port = variables["TB_MARIADB_PORT"].flatMap(Int.init)
        definition.name = stem
        definition.user = user
        definition.password = .file("password")
        try writeSecret(password, to: "password")
        try writeSecret(MySQLOptionFile.text(user: user, password: password), to: "fixture.cnf")
        let place = self
        test.addTeardownBlock { place.removeAll() }
    }

    var live: DatabaseLocation { DatabaseLocation(stem) }

    var layout: Layout {
        var environment = Environment(name: "staging", project: "shop")
        environment.database = definition
        return Layout(project: folder, environment: environment)
    }

    /// A new adapter, which knows nothing of what another one found out.
    func engine(longest: Duration? = nil) -> any ApplicationDatabase {
        let commands = ProcessCommandRunner(interruption: FakeInterruption(), longest: longest)
        return ApplicationDatabases(
            commands: commands, secrets: LocalSecretStore(project: folder, commands: commands),
            files: LocalFileStore()
        ).engine(for: layout)
    }

    func writeSecret(_ text: String, to name: String) throws {
        try LocalFileStore().publish(Data(text.utf8), to: "\(folder)/\(name)")
    }

    var clientArguments: [String] {
        [
            "--defaults-file=\(folder)/fixture.cnf", "--protocol=TCP", "--host=\(definition.host ?? "")",
            "--port=\(definition.port ?? 3306)", "--batch", "--skip-column-names",
            "--default-character-set=utf8mb4",
        ]
    }

    static func client(_ arguments: [String], _ sql: String) -> CommandResult {
        var request = CommandRequest(Command("/usr/bin/mariadb", arguments))
        request.input = Data(sql.utf8)
        request.deadline = .seconds(120)
        return ProcessCommandRunner(interruption: FakeInterruption()).run(request)
    }

    private func removeAll() {
        let names = Self.client(
            clientArguments,
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '\(stem)%';"
                + "SELECT CONCAT(':', quote(user), '@', quote(host)) FROM mysql.user WHERE user LIKE '\(stem)%';"
        )
        for name in names.output.split(separator: "\n") {
            _ = Self.client(
                clientArguments,
                name.hasPrefix(":") ? "DROP USER \(name.dropFirst());" : "DROP DATABASE `\(name)`;")
        }
    }
}
