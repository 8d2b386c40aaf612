import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What the application has scheduled runs in the live database and in no copy of it.
final class MySQLEventTests: MySQLFixture {
    private var next: DatabaseLocation { sibling() }
    private var proof: DatabaseLocation { sibling("_proof") }
    private var reader: DatabaseLocation { sibling("_reader") }
    private var retired: DatabaseLocation { sibling("_retired") }
    private var payload: String { "\(folder)/payload" }

    /// One that fires each second and says where, one that was switched off, one whose time comes in an hour.
    private func fillLive() throws {
        try run(
            """
            CREATE DATABASE IF NOT EXISTS `\(stem)_counter`;
            CREATE TABLE IF NOT EXISTS `\(stem)_counter`.hit (place VARCHAR(64) NOT NULL);
            CREATE DATABASE `\(live.name)`; USE `\(live.name)`;
            CREATE TABLE note (t VARCHAR(200)); INSERT INTO note VALUES ('/*!50106 CREATE EVENT');
            CREATE EVENT `the ``tick`` ON COMPLETION PRESERVE DISABLE` ON SCHEDULE EVERY 1 SECOND COMMENT 'ENABLE'
                DO INSERT INTO `\(stem)_counter`.hit VALUES (DATABASE());
            CREATE EVENT off ON SCHEDULE EVERY 1 SECOND DISABLE
                DO INSERT INTO `\(stem)_counter`.hit VALUES ('off');
            CREATE EVENT elsewhere ON SCHEDULE EVERY 1 SECOND DISABLE ON SLAVE
                DO INSERT INTO `\(stem)_counter`.hit VALUES ('elsewhere');
            CREATE EVENT `on
            ce` ON SCHEDULE AT NOW() + INTERVAL 1 HOUR
                DO INSERT INTO `\(stem)_counter`.hit VALUES ('once');
            """)
    }

    private func hits() throws -> [String: Int] {
        let rows = try run("SELECT place FROM `\(stem)_counter`.hit")
        return Dictionary(rows.map { ($0, 1) }, uniquingKeysWith: +)
    }

    private func waitForHits(_ count: Int, in location: DatabaseLocation) throws {
        let sofar = try hits()[location.name] ?? 0
        XCTAssertTrue(
            eventually(within: 15) { ((try? self.hits()[location.name]) ?? 0) >= sofar + count },
            "the events of \(location.name) do not run")
    }

    private func states(_ location: DatabaseLocation) throws -> [String] {
        try run(
            "SELECT status FROM information_schema.events WHERE event_schema = '\(location.name)' ORDER BY BINARY event_name"
        )
    }

    func testEventsRunInTheLiveDatabaseOnly_I12() throws {
        let server = try OwnDatabaseServer(for: self, in: folder)
        use { $0.port = server.port }
        try fillLive()
        try waitForHits(1, in: live)
        let taken = try engine.backUp(live, to: payload).summary
        for copy in [proof, next] { try engine.restore(payload, to: copy) }
        try engine.copy(next, to: reader)
        for copy in [proof, next, reader] { XCTAssertEqual(try engine.summarise(copy), taken, copy.name) }
        try waitForHits(2, in: live)
        XCTAssertEqual(Array(try hits().keys), [live.name], "no copy's events ran")

        let old = try engine.summarise(live)
        try engine.swap(live, with: next, keeping: retired)
        XCTAssertEqual(try engine.summarise(retired), old)
        XCTAssertEqual(try states(live), ["DISABLED", "DISABLED", "ENABLED", "ENABLED"])
        try waitForHits(3, in: live)
        XCTAssertEqual(Array(try hits().keys), [live.name], "what was retired is quiet")

        try engine.swap(live, with: retired, keeping: next)
        XCTAssertEqual(try engine.summarise(live), old)
        try waitForHits(2, in: live)
        XCTAssertEqual(Array(try hits().keys), [live.name])
    }

    func testABackupOfACopySaysWhatRunsWhereItBecomesLive() throws {
        try fillLive()
        let taken = try engine.backUp(live, to: payload).summary
        try engine.restore(payload, to: next)
        let again = "\(folder)/again"
        XCTAssertEqual(try engine.backUp(next, to: again).summary, taken)
        try engine.remove(live)
        try engine.restore(again, to: live)
        XCTAssertEqual(try engine.summarise(live), taken)
        XCTAssertEqual(try states(live), ["DISABLED", "DISABLED", "ENABLED", "ENABLED"])
    }

    func testTheStateOfAnEventIsCompared_T10() throws {
        try fillLive()
        let taken = try engine.backUp(live, to: payload).summary
        try engine.restore(payload, to: next)
        try run("ALTER EVENT off ENABLE;", in: live)
        XCTAssertEqual(try engine.summarise(live).differences(from: taken), ["the schema differs"])
        try run("ALTER EVENT off DISABLE ON SLAVE;", in: next)
        XCTAssertEqual(try engine.summarise(next).differences(from: taken), ["the schema differs"])
    }

    func testAMigrationOfACopyLeavesNoEventRunning() throws {
        for location in [live, next] { try engine.create(location) }
        let migration = MigrationFile(
            name: "1.sql",
            sql: """
                CREATE EVENT soon ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO SELECT 1;
                CREATE EVENT never ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DISABLE DO SELECT 1;
                """)
        for location in [live, next] { try engine.apply(migration, to: location) }
        XCTAssertEqual(try states(live), ["DISABLED", "ENABLED"])
        XCTAssertEqual(try states(next), ["DISABLED", "SLAVESIDE_DISABLED"])
        XCTAssertEqual(try engine.summarise(next).schema, try engine.summarise(live).schema)
        try engine.swap(live, with: next, keeping: retired)
        XCTAssertEqual(try states(live), ["DISABLED", "ENABLED"])
        XCTAssertEqual(try states(retired), ["DISABLED", "SLAVESIDE_DISABLED"])
    }

    func testAnEventWhoseTimeHasPassedDoesNotSpoilABackup() throws {
        try run(
            """
            CREATE DATABASE `\(live.name)`; USE `\(live.name)`;
            SET SESSION timestamp = 1700000000;
            CREATE EVENT past ON SCHEDULE AT FROM_UNIXTIME(1700000600) DO SELECT 1;
            CREATE EVENT ended ON SCHEDULE EVERY 1 DAY ENDS FROM_UNIXTIME(1700600000) DO SELECT 1;
            """)
        let taken = try engine.backUp(live, to: payload).summary
        XCTAssertEqual(taken.objects["event"], 2)
        try engine.restore(payload, to: next)
        XCTAssertEqual(try engine.summarise(next), taken)
    }
}

/// A server of the test's own, on which events run.
private final class OwnDatabaseServer {
    let port: Int

    init(for test: MySQLFixture, in folder: String) throws {
        let variables = ProcessInfo.processInfo.environment
        let programs = ["/usr/bin/mariadb-install-db", "/usr/sbin/mariadbd"]
        guard programs.allSatisfy(FileManager.default.isExecutableFile) else {
            throw lacking(programs.joined(separator: " and "))
        }
        port = try HTTP.freePort()
        let (user, password) = (variables["TB_MARIADB_USER"] ?? "", variables["TB_MARIADB_PASSWORD"] ?? "")
        let accounts = ["localhost", "%"].map {
            "CREATE USER '\(user)'@'\($0)' IDENTIFIED BY '\(password)';\nGRANT ALL ON *.* TO '\(user)'@'\($0)' WITH GRANT OPTION;\n"
        }
        try accounts.joined().write(toFile: "\(folder)/accounts.sql", atomically: true, encoding: .utf8)
        let common = ["--no-defaults", "--datadir=\(folder)/server", "--user=\(NSUserName())"]
        let setUp = try Self.start(
            programs[0], common + ["--auth-root-authentication-method=normal", "--skip-test-db"], folder)
        setUp.waitUntilExit()
        let server = try Self.start(
            programs[1],
            common + [
                "--socket=\(folder)/server.sock", "--pid-file=\(folder)/server.pid", "--port=\(port)",
                "--bind-address=127.0.0.1", "--event-scheduler=ON", "--init-file=\(folder)/accounts.sql",
                "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
            ], folder)
        test.addTeardownBlock {
            server.terminate()
            server.waitUntilExit()
        }
        test.use { [port] in $0.port = port }
        let arguments = test.clientArguments
        guard eventually(within: 60, { MySQLPlace.client(arguments, "SELECT 1").succeeded }) else {
            throw POSIXError(.ETIMEDOUT)
        }
    }

    private static func start(_ program: String, _ arguments: [String], _ folder: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        return process
    }
}
