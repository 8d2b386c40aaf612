import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// A real server, on which each test has databases and a role of its own.
class PostgreSQLFixture: XCTestCase {
    private(set) var folder = ""
    private(set) var prefix = ""
    private(set) var database = PostgreSQLFixture.none
    var live: DatabaseLocation { location("live") }
    var role: String { "\(prefix)_app" }

    /// Who the tests are on the server; a superuser.
    struct Server {
        var host: String
        var port: Int
        var user: String
        var password: String

        init?(_ variables: [String: String] = ProcessInfo.processInfo.environment) {
            guard let host = variables["TB_POSTGRES_HOST"],
                let port = variables["TB_POSTGRES_PORT"].flatMap(Int.init),
                let user = variables["TB_POSTGRES_USER"], let password = variables["TB_POSTGRES_PASSWORD"]
            else { return nil }
            (self.host, self.port, self.user, self.password) = (host, port, user, password)
        }
    }

    private static let none = PostgreSQLApplicationDatabase(
        ServerAccess(
            Layout(project: "/", environment: Environment(name: "none", project: "none")),
            commands: ProcessCommandRunner(interruption: FakeInterruption()), secrets: FixedSecrets(),
            files: LocalFileStore()))

    override func setUpWithError() throws {
        if Server() == nil {
            throw lacking("PostgreSQL server named by TB_POSTGRES_HOST, _PORT, _USER and _PASSWORD")
        }
        folder = try makeTestFolder()
        prefix = "dctl_\(getpid())_\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(at: scripts, withIntermediateDirectories: true)
        try sql("CREATE ROLE \(role) LOGIN PASSWORD 'hunter2'")
        database = try engine()
    }

    override func tearDownWithError() throws {
        guard !prefix.isEmpty else { return }
        defer { try? FileManager.default.removeItem(at: scripts) }
        try sql(
            """
            SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database
                WHERE starts_with(datname, '\(prefix)') \\gexec
            SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE starts_with(rolname, '\(prefix)') \\gexec
            """)
    }

    /// The test's own folder is gone when the databases are removed.
    private var scripts: URL { FileManager.default.temporaryDirectory.appendingPathComponent(prefix) }

    func location(_ name: String) -> DatabaseLocation { DatabaseLocation("\(prefix)_\(name)") }

    func layout(admin: Bool = true) throws -> Layout {
        let server = try XCTUnwrap(Server())
        var database = Environment.Database(engine: .postgresql)
        (database.host, database.port, database.name) = (server.host, server.port, live.name)
        (database.user, database.password) = (role, .environment("APP"))
        database.admin = .init(user: server.user, password: .environment("ADMIN"))
        var environment = Environment(name: "production", project: "shop")
        environment.database = database
        return Layout(project: folder, environment: environment)
    }

    func engine(
        appPassword: String = "hunter2", layout: Layout? = nil, longest: Duration? = nil
    ) throws -> PostgreSQLApplicationDatabase {
        let secrets = FixedSecrets(values: [
            "APP": appPassword, "ADMIN": try XCTUnwrap(Server()).password,
        ])
        return PostgreSQLApplicationDatabase(
            ServerAccess(
                try layout ?? self.layout(),
                commands: ProcessCommandRunner(interruption: FakeInterruption(), longest: longest),
                secrets: secrets, files: LocalFileStore()))
    }

    /// Runs SQL as another program would, and returns its rows.
    @discardableResult
    func sql(_ text: String, in location: DatabaseLocation? = nil) throws -> [String] {
        let process = try start(text, in: location)
        process.waitUntilExit()
        let output = try XCTUnwrap(process.standardOutput as? FileHandle)
        try output.seek(toOffset: 0)
        let lines = String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
        XCTAssertEqual(process.terminationStatus, 0, "\(text.prefix(300))\n\(lines)")
        return lines.split(separator: "\n").map(String.init)
    }

    /// Starts SQL that goes on while the test does something else.
    func start(_ text: String, in location: DatabaseLocation? = nil) throws -> Process {
        let server = try XCTUnwrap(Server())
        let script = scripts.appendingPathComponent("\(UUID()).sql")
        try Data(text.utf8).write(to: script)
        let results = script.appendingPathExtension("out")
        try Data().write(to: results)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", script.path]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "PGHOST": server.host, "PGPORT": "\(server.port)", "PGUSER": server.user,
            "PGPASSWORD": server.password, "PGDATABASE": location?.name ?? "postgres",
            "PGOPTIONS": "-c client_min_messages=error",
        ]) { $1 }
        let output = try FileHandle(forUpdating: results)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return process
    }
}

/// Secrets a test knows.
struct FixedSecrets: SecretStore {
    var values: [String: String] = [:]

    func fetch(_ source: SecretSource, named name: String) throws(DeployError) -> Secret {
        guard case .environment(let variable) = source, let value = values[variable] else {
            throw DeployError(.invalidDefinition, what: "no secret \(name)", why: "", next: "")
        }
        return Secret(value)
    }
}
