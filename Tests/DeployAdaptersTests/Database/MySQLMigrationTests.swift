import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class MySQLMigrationTests: MySQLFixture {
    private let statements = [
        "CREATE TABLE a (n INT PRIMARY KEY)", "INSERT INTO a VALUES (1)", "ALTER TABLE a ADD COLUMN m INT",
        "INSERT INTO a (n) VALUES (2)",
    ]

    private func migration(_ sql: String, _ name: String = "0001_a.sql") -> MigrationFile {
        MigrationFile(name: name, sql: sql)
    }

    func testDelimitersCommentsAndTheLastStatementWithoutAnEndWork_T25() throws {
        try engine.create(live)
        try engine.apply(
            migration(
                """
                CREATE TABLE a (t TEXT);
                DELIMITER //
                CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN
                    -- kept; as it is
                    SET NEW.t = CONCAT(NEW.t, ';');
                END//
                INSERT INTO a VALUES ('x')
                """), to: live)
        XCTAssertEqual(try run("SELECT t FROM a", in: live), ["x;"])
        XCTAssertEqual(try engine.appliedMigrations(live).map(\.name), ["0001_a.sql"])
        XCTAssertTrue(
            try run(
                "SELECT action_statement FROM information_schema.triggers WHERE trigger_schema = '\(stem)'"
            )
            .joined().contains("kept; as it is"))
    }

    func testAFailureAtEachStatementIsToldExactly_T25() throws {
        for position in 0...statements.count {
            for broken in ["NONSENSE", "INSERT INTO nowhere VALUES (1)", "/* never closed", "SELECT 'open"] {
                try engine.remove(live)
                try engine.create(live)
                var script = statements
                script.insert(broken, at: position)
                let file = migration(script.joined(separator: ";\n"))
                let changed = position > 0
                expectError(changed ? .needsPerson : .stepFailed, "\(broken) at \(position)") {
                    try engine.apply(file, to: live)
                }
                guard changed else {
                    XCTAssertEqual(try engine.appliedMigrations(live), [])
                    try engine.apply(migration(statements.joined(separator: ";\n")), to: live)
                    XCTAssertEqual(try run("SELECT COUNT(*) FROM a", in: live), ["2"])
                    continue
                }
                expectError(.needsPerson, "looking") { _ = try engine.appliedMigrations(live) }
                expectError(.needsPerson, "repeating") { try engine.apply(file, to: live) }
            }
        }
    }

    func testRowsAloneAreTakenBackWhateverFails_T25() throws {
        try engine.create(live)
        try engine.apply(migration("CREATE TABLE a (n INT PRIMARY KEY)"), to: live)
        let before = try engine.summarise(live)
        for broken in ["NONSENSE", "INSERT INTO a VALUES (1)", "/* open"] {
            expectError(.stepFailed, broken) {
                try engine.apply(
                    migration(
                        "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n\(broken)", "0002_b.sql"),
                    to: live)
            }
            XCTAssertEqual(try engine.summarise(live), before, broken)
        }
    }

    func testNoClientCommandOfAFileReachesTheMachine() throws {
        try engine.create(live)
        for command in [
            "\\! touch \(folder)/touched", "system touch \(folder)/touched", "source \(folder)/password",
        ] {
            XCTAssertThrowsError(try engine.apply(migration("\(command)\n;"), to: live), command)
            XCTAssertFalse(FileManager.default.fileExists(atPath: "\(folder)/touched"), command)
        }
    }

    func testAKilledMigrationIsPendingOrNeedsAPersonAndNeverRunsTwice_T05() throws {
        for (sql, changed) in [
            ("INSERT INTO a VALUES (2); SELECT SLEEP(30);", false),
            ("INSERT INTO a VALUES (2); ALTER TABLE a ADD COLUMN m INT; SELECT SLEEP(30);", true),
        ] {
            try engine.remove(live)
            try engine.create(live)
            try engine.apply(migration("CREATE TABLE a (n INT PRIMARY KEY)"), to: live)
            let second = migration(sql, "0002_b.sql")
            let ended = expectation(description: "ended")
            let (engine, live) = (engine, live)
            DispatchQueue.global().async {
                let applied: Void? = try? engine.apply(second, to: live)
                XCTAssertNil(applied)
                ended.fulfill()
            }
            let find =
                "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(30)%' AND db = '\(stem)'"
            var id: [String] = []
            XCTAssertTrue(
                eventually {
                    id = (try? self.run(find)) ?? []; return id.count == 1
                })
            try run("KILL \(id.first ?? "0")")
            wait(for: [ended], timeout: 60)
            if changed {
                expectError(.needsPerson, sql) { _ = try engine.appliedMigrations(live) }
            } else {
                XCTAssertEqual(try engine.appliedMigrations(live).count, 1)
                XCTAssertEqual(try run("SELECT COUNT(*) FROM a", in: live), ["0"])
            }
        }
    }

    func testOneMigrationAppliedByManyAtOnceRunsOnce_T26() throws {
        try engine.create(live)
        try run("CREATE TABLE a (n INT)", in: live)
        let (live, rounds) = (live, StoredBackups.count(500, sample: 1))
        for round in 1...rounds {
            let file = migration("INSERT INTO a VALUES (1); DO SLEEP(0.05);", "\(round).sql")
            let engines = (0..<16).map { _ in engine }
            DispatchQueue.concurrentPerform(iterations: 16) { try? engines[$0].apply(file, to: live) }
            XCTAssertEqual(try run("SELECT COUNT(*) FROM a", in: live), ["\(round)"])
        }
        XCTAssertEqual(try engine.appliedMigrations(live).count, rounds)
        print("T26 MariaDB: 16 at once, \(rounds) rounds, each applied once")
    }
}
