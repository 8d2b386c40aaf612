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
        try shop.commit([:], "Keep the items on a server")
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
        let (code, place) = try shop.status(environment)
        try expectEqual(place.state, "healthy", "state of \(environment)")
        try expectEqual(code, 0, "status of \(environment)")
        let run = shop.names(in: ".deployctl/\(environment)/run")
        try expectEqual(run.count, 2, "the link and one instance in run, found \(run)")
        let strays = try shop.strays(environment)
        try expect(strays.isEmpty, "stray processes: \(strays)")
        let leftovers = shop.leftovers()
        try expect(leftovers.isEmpty, "half-made things stay: \(leftovers)")
        let backups = try shop.backups(environment).map(\.timestamp)
        try expectEqual(
            shop.names(in: "backups/\(environment)"), backups.sorted(), "backups on disk are those listed")
        if !backups.isEmpty { try shop.run("backup", "verify", environment, "--all").expect(0) }
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

    /// Release "one" with the item first; then "two", with a migration and the item second.
    ///
    /// - Returns: the timestamp of the older release.
    @discardableResult
    func deployTwoReleases(
        lookingBeforeTheSecond look: () throws -> Void = {}
    ) throws -> String {
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("first", to: "production")
        let older = try XCTUnwrap(try shop.status("production").place.release)
        try shop.commit(
            version: "two",
            migration: (
                "V0002_colour", "ALTER TABLE item ADD COLUMN colour VARCHAR(20) NOT NULL DEFAULT 'none';\n"
            ))
        try shop.run("staging").expect(0)
        try look()
        try shop.promote()
        try shop.post("second", to: "production")
        return older
    }
}
