import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class PostgreSQLMigrationTests: PostgreSQLFixture {
    override func setUpWithError() throws {
        try super.setUpWithError()
        try database.create(live)
    }

    private func apply(_ sql: String, name: String = "1.sql") throws {
        try database.apply(MigrationFile(name: name, sql: sql), to: live)
    }

    private func expectRefusal(_ sql: String, saying words: String) throws {
        XCTAssertThrowsError(try apply(sql), sql) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .stepFailed)
            XCTAssertTrue(error?.why.contains(words) == true, "\(sql): \(error?.why ?? "")")
        }
        XCTAssertEqual(try database.appliedMigrations(live), [])
    }

    /// T25: whichever statement fails, nothing stays, and the file runs when it is mended.
    func testAFailureAtAnyStatementLeavesNothing_T25() throws {
        let before = try database.summarise(live)
        let statements = [
            "CREATE TABLE a (n int PRIMARY KEY)", "INSERT INTO a VALUES (1)", "CREATE INDEX i ON a (n)",
            "ALTER TABLE a ADD COLUMN m text DEFAULT 'x;y'", "CREATE TYPE mood AS ENUM ('low')",
        ]
        for position in 0...statements.count {
            for broken in [
                "NONSENSE", "SELECT 1 / 0", "COMMIT", "ROLLBACK", "END; CREATE TABLE z (a int); BEGIN",
            ] {
                var script = statements
                script.insert(broken, at: position)
                XCTAssertThrowsError(try apply(script.joined(separator: ";\n")), "\(broken) at \(position)")
                XCTAssertEqual(try database.summarise(live), before, "\(broken) at \(position)")
            }
        }
        try apply(statements.joined(separator: ";\n"))
        XCTAssertEqual(try database.appliedMigrations(live).map(\.name), ["1.sql"])
    }

    /// I28, S08: what psql would run as commands of its own is text to it.
    func testNothingInAMigrationRunsAProgramOrReadsAFile_S08() throws {
        let canary = "\(folder)/canary"
        for evil in [
            "\\! touch \(canary)", "SELECT 1 \\! touch \(canary)\n;", "SELECT 1 \\g |touch\\ \(canary)\n;",
            "\\o |touch \(canary)\nSELECT 1;", "\\i /etc/passwd", "\\copy a FROM PROGRAM 'touch \(canary)'",
            "$deployctl$; END $deployctl_$;\n\\! touch \(canary)\n", "';\n\\! touch \(canary)\n",
            "COPY (SELECT 1) TO PROGRAM 'touch \(canary)';", "SELECT pg_read_file('/etc/passwd');",
            "RESET ROLE; RESET SESSION AUTHORIZATION; COPY (SELECT 1) TO PROGRAM 'touch \(canary)';",
            "-- deployctl: no transaction\nSELECT 1 \\! touch \(canary)\n;",
        ] {
            XCTAssertThrowsError(try apply(evil), evil)
            XCTAssertFalse(FileManager.default.fileExists(atPath: canary), evil)
        }
        XCTAssertEqual(try database.appliedMigrations(live), [])
        let odd =
            "CREATE TABLE odd (v text DEFAULT E'\\\\ :x :''y'' :USER $deployctl$ $1 🚀');\nINSERT INTO odd DEFAULT VALUES;"
        try apply(odd)
        XCTAssertEqual(try sql("SELECT v FROM odd", in: live), ["\\ :x :'y' :USER $deployctl$ $1 🚀"])
    }

    func testWhatCannotRunInATransactionIsRefusedWithTheReason() throws {
        try sql("CREATE TABLE a (n int); ALTER TABLE a OWNER TO \"\(role)\"", in: live)
        try expectRefusal("CREATE INDEX CONCURRENTLY i ON a (n);", saying: "CONCURRENTLY")
        try expectRefusal("VACUUM a;", saying: "VACUUM")
        try expectRefusal("INSERT INTO a VALUES (1); COMMIT;", saying: "transaction")
        try expectRefusal("COPY a FROM stdin;\n1\n\\.\n", saying: "COPY")
        try expectRefusal("SELECT '🚀';\n\nSELECT nothing;\n", saying: "line 3")
        try expectRefusal("SELECT 1;\0", saying: "NUL")
    }

    /// I23: without a transaction a mark says that it ran, so a part of it is never taken for all or for nothing.
    func testAMigrationWithoutATransactionIsMarkedWhileItRuns_I23() throws {
        try sql("CREATE TABLE a (n int); ALTER TABLE a OWNER TO \"\(role)\"", in: live)
        let first = MigrationFile(
            name: "1.sql",
            sql: "-- deployctl: no transaction\nCREATE INDEX CONCURRENTLY i ON a (n);\nVACUUM a;")
        try database.apply(first, to: live)
        try database.apply(first, to: live)
        XCTAssertEqual(
            try database.appliedMigrations(live), [AppliedMigration(name: "1.sql", sha256: first.sha256)])
        let second = "-- deployctl: no transaction\nINSERT INTO a VALUES (1);\nSELECT 1 / 0;"
        XCTAssertThrowsError(try apply(second, name: "2.sql"))
        XCTAssertThrowsError(try apply(second, name: "2.sql"), "it does not run again by itself")
        XCTAssertEqual(try sql("SELECT count(*) FROM a", in: live), ["1"])
        do {
            _ = try database.appliedMigrations(live)
            XCTFail("a cut migration is not a recorded one")
        } catch { XCTAssertTrue(error.what.contains("2.sql"), error.what) }
        try sql("UPDATE deployctl_migration SET running = false", in: live)
        XCTAssertEqual(try database.appliedMigrations(live).count, 2)
    }

    /// T26: two at once apply it once.
    func testOneMigrationAppliedByManyAtOnceRunsOnce_T26() throws {
        try sql("CREATE TABLE a (n int); ALTER TABLE a OWNER TO \"\(role)\"", in: live)
        let (database, live, rounds) = (database, live, StoredBackups.count(500, sample: 1))
        for round in 1...rounds {
            let file = MigrationFile(
                name: "\(round).sql", sql: "INSERT INTO a VALUES (1); SELECT pg_sleep(0.05);")
            DispatchQueue.concurrentPerform(iterations: 16) { _ in try? database.apply(file, to: live) }
            XCTAssertEqual(try sql("SELECT count(*) FROM a", in: live), ["\(round)"])
        }
        XCTAssertEqual(try database.appliedMigrations(live).count, rounds)
        print("T26 PostgreSQL: 16 at once, \(rounds) rounds, each applied once")
    }

    /// T05, I24: when the client is killed, the server ends what it was doing.
    func testAKilledClientLeavesNoStatementRunning_T05() throws {
        let (database, live) = (database, live)
        let done = expectation(description: "the client ends")
        DispatchQueue.global().async {
            try? database.apply(
                MigrationFile(name: "1.sql", sql: "CREATE TABLE a (n int); SELECT pg_sleep(60);"), to: live)
            done.fulfill()
        }
        let running = { (try? self.sql(self.sessions)) == ["1"] }
        XCTAssertTrue(eventually { running() })
        for pid in try sqlClients() { kill(pid, SIGKILL) }
        wait(for: [done], timeout: 20)
        XCTAssertTrue(eventually { (try? self.sql(self.sessions)) == ["0"] })
        XCTAssertEqual(try database.summarise(live).tables, [])
    }

    private var sessions: String {
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(live.name)' AND query LIKE '%pg_sleep%' AND state = 'active'"
    }

    /// The psql processes that work on the live database.
    private func sqlClients() throws -> [pid_t] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { pid in
            guard let command = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8),
                let variables = FileManager.default.contents(atPath: "/proc/\(pid)/environ")
            else { return false }
            return command.hasPrefix("psql") && String(decoding: variables, as: UTF8.self).contains(live.name)
        }
    }
}
