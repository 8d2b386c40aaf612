import DeployTestSupport
import Foundation
import XCTest

/// The shop with its items on a database server: staging fresh at each deployment, production live.
///
/// Databases and users carry a name of this test's own and are removed with it.
final class ServerShop: @unchecked Sendable {
    let shop: DeployctlFixture
    let server: DatabaseServer
    let stem = "dct\(UInt32.random(in: 1_000_000...9_999_999))"
    private var scripts = 0

    init(_ engine: DatabaseServer.Engine, for test: XCTestCase, rows: Int = 0) throws {
        server = try DatabaseServer(engine)
        shop = try DeployctlFixture(for: test)
        test.addTeardownBlock { [self] in try removeAll() }
        for environment in ["staging", "production"] {
            try sql(server.creation(of: database(environment), password(environment)))
        }
        try furnish(rows: rows)
    }

    /// The live database's name, and its user's.
    func database(_ environment: String) -> String { "\(stem)_\(environment)" }

    private func password(_ environment: String) -> String { "hush-\(environment)-\(stem)" }

    /// Runs SQL as the administrator; the lines it prints.
    @discardableResult
    func sql(_ text: String, in database: String? = nil, deadline: Double = 60) throws -> [String] {
        scripts += 1
        let script = "\(shop.folder)/script\(scripts).sql"
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: script))
        let (words, environment) = server.client(script, in: database)
        let run = try shop.runProgram(words, environment: environment, deadline: deadline).expect(0, text)
        return run.output.split(separator: "\n").map(String.init)
    }

    /// Starts SQL as the administrator that goes on while the test does something else.
    func start(_ text: String, in database: String) throws -> Process {
        scripts += 1
        let script = "\(shop.folder)/script\(scripts).sql"
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: script))
        let (words, environment) = server.client(script, in: database)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        return process
    }

    /// Has an administrator of this test's own, without any right, look after both databases; its name.
    func keeper() throws -> String {
        let name = "\(stem)_keeper"
        try sql(server.creation(of: name, "hush-keeper"))
        for environment in ["staging", "production"] {
            try shop.replace(
                "\"admin\": {\"user\": \"\(server.user)\"", with: "\"admin\": {\"user\": \"\(name)\"",
                in: "environments/\(environment).json")
            try shop.write("hush-keeper", to: ".secrets/\(environment)-admin")
            chmod("\(shop.project)/.secrets/\(environment)-admin", 0o600)
        }
        try shop.commit("Let a keeper look after the databases")
        return name
    }

    func databases() throws -> [String] { try sql(server.databases(from: stem)) }

    func sessions() throws -> [String] { try sql(server.sessions(from: stem)) }

    func items(in database: String) throws -> [String] {
        try sql("SELECT text FROM item ORDER BY id;", in: database)
    }

    private func removeAll() throws {
        for name in try databases() { try sql(server.removal(of: name)) }
        for environment in ["staging", "production"] {
            try sql(server.removal(ofUser: database(environment)))
        }
        try sql(server.removal(ofUser: "\(stem)_keeper"))
    }
}

extension ServerShop {
    private func furnish(rows: Int) throws {
        var text = try shop.read("app/server.py")
        let start = try XCTUnwrap(text.range(of: "def items")).lowerBound
        let end = try XCTUnwrap(text.range(of: "def answer")).lowerBound
        text.replaceSubrange(start..<end, with: Self.items)
        text = text.replacingOccurrences(
            of: "sqlite3, threading", with: "subprocess, threading, urllib.parse")
        try shop.write(text, to: "app/server.py")
        try shop.replace(
            "\"database\": {\"engine\": \"sqlite\", \"file\": \"data/app.db\"},",
            with: "\"sharedOnPurpose\": [\"database.server\"],",
            in: "environments/base.json")
        for (environment, more) in [
            ("staging", ", \"fresh\": {\"from\": \"migrations\"}"), ("production", ""),
        ] {
            try shop.replace(
                "\"logs\": ", with: "\(try definition(environment, more)),\n \"logs\": ",
                in: "environments/\(environment).json")
        }
        let ballast = rows > 0 ? server.ballast(rows: rows) : ""
        try shop.write(server.itemTable + ballast, to: "migrations/V0001_item.sql")
        try shop.append(".secrets/\n", to: ".gitignore")
        try shop.commit("Keep the items on a server")
    }

    private func definition(_ environment: String, _ more: String) throws -> String {
        let secrets = [environment: password(environment), "\(environment)-admin": server.password]
        for (name, value) in secrets {
            try shop.write(value, to: ".secrets/\(name)")
            chmod("\(shop.project)/.secrets/\(name)", 0o600)
        }
        return """
            "database": {"engine": "\(server.engine.rawValue)", "host": "\(server.host)", "port": \(server.port),
              "name": "\(database(environment))", "user": "\(database(environment))",
              "password": {"file": ".secrets/\(environment)"},
              "admin": {"user": "\(server.user)", "password": {"file": ".secrets/\(environment)-admin"}}\(more)}
            """
    }

    /// The application asks by the client program, so that it needs no driver.
    private static let items = #"""
        def ask(sql):
            url = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
            name, password = url.path[1:], urllib.parse.unquote(url.password)
            variables = dict(os.environ, MYSQL_PWD=password, PGPASSWORD=password, PGOPTIONS="-c client_min_messages=error")
            if url.scheme == "mysql":
                words = ["mariadb", "--no-defaults", "--protocol=TCP", "--host=" + url.hostname, "--port=" + str(url.port),
                         "--user=" + url.username, "--batch", "--skip-column-names", "--database=" + name]
            else:
                words = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", url.hostname, "-p", str(url.port),
                         "-U", url.username, name]
            return subprocess.run(words, input=sql, env=variables, capture_output=True, check=True, text=True).stdout


        def items(method, body):
            if method == "POST":
                ask("INSERT INTO item (text) VALUES ('" + body + "');")
            return ask("SELECT text FROM item ORDER BY id;").splitlines()


        """#
}

extension ServerShop {
    /// One healthy instance, the databases of the definitions, whole backups, nobody connected, and nothing else.
    func expectConsistent(_ environment: String) throws {
        try shop.expectServing(environment)
        try expectEqual(
            try databases().filter { $0.hasPrefix(database(environment)) }, [database(environment)],
            "databases of \(environment)")
        if let schedules = server.schedules(from: database(environment)) {
            try expectEqual(try sql(schedules), [database(environment)], "where events of \(environment) run")
        }
        try expectIdle(within: 5)
    }

    /// Nobody is connected, and nothing runs on the server.
    func expectIdle(within seconds: Double) throws {
        var found: [String] = []
        let idle = eventually(within: seconds) {
            found = (try? sessions()) ?? ["the server cannot be asked"]
            return found.isEmpty
        }
        try expect(idle, "on the server: \(found)")
    }
}
