import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Databases and a role on a real server, named after one test and removed after it.
struct PostgreSQLPlace {
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

    let folder: String
    let prefix: String
    let server: Server

    init(for test: XCTestCase) throws {
        guard let server = Server() else {
            throw lacking("PostgreSQL server named by TB_POSTGRES_HOST, _PORT, _USER and _PASSWORD")
        }
        self.server = server
        folder = try test.makeTestFolder()
        prefix = "dctl_\(getpid())_\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: scripts, withIntermediateDirectories: true)
        let place = self
        test.addTeardownBlock { try place.removeAll() }
        try sql("CREATE ROLE \(role) LOGIN PASSWORD 'hunter2'")
    }

    var live: DatabaseLocation { location("live") }
    var role: String { "\(prefix)_app" }

    func location(_ name: String) -> DatabaseLocation { DatabaseLocation("\(prefix)_\(name)") }

    func layout() -> Layout {
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
    ) -> PostgreSQLApplicationDatabase {
        PostgreSQLApplicationDatabase(
            ServerAccess(
                layout ?? self.layout(),
                commands: ProcessCommandRunner(interruption: FakeInterruption(), longest: longest),
                secrets: FixedSecrets(values: ["APP": appPassword, "ADMIN": server.password]),
                files: LocalFileStore()))
    }

    /// Runs SQL as another program would, and returns its rows; in a database as the application's role, which
    /// `SET ROLE NONE` ends.
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
        let script = URL(fileURLWithPath: "\(scripts)/\(UUID()).sql")
        try Data(text.utf8).write(to: script)
        let results = script.appendingPathExtension("out")
        try Data().write(to: results)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", script.path]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "PGHOST": server.host, "PGPORT": "\(server.port)", "PGUSER": server.user,
            "PGPASSWORD": server.password, "PGDATABASE": location?.name ?? "postgres",
            "PGOPTIONS": "-c client_min_messages=error"
                + (location == nil ? "" : " -c role=\(role)"),
        ]) { $1 }
        let output = try FileHandle(forUpdating: results)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return process
    }

    /// What the tests run lies beside the files they look at.
    private var scripts: String { FileManager.default.temporaryDirectory.path + "/\(prefix)" }

    private func removeAll() throws {
        defer { try? FileManager.default.removeItem(atPath: scripts) }
        try sql(
            """
            SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database
                WHERE starts_with(datname, '\(prefix)') \\gexec
            SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE starts_with(rolname, '\(prefix)') \\gexec
            """)
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
