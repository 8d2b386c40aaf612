import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T26: the server ends whoever holds the migrations' lock, while others wait for it.
final class PostgreSQLStolenLockTests: PostgreSQLFixture {
    private static let rounds = StoredBackups.count(50, sample: 1)

    override func setUpWithError() throws {
        try super.setUpWithError()
        try database.create(live)
        try sql("CREATE TABLE a (n int); ALTER TABLE a OWNER TO \"\(role)\"", in: live)
    }

    /// Ends the first `count` that hold an advisory lock and run a migration; looks out for them when it returns.
    private func startThief(of count: Int) throws -> Process {
        let thief = try start(
            """
            SET application_name = 'thief';
            DO $$ DECLARE
                robbed integer := 0;
                victim integer;
            BEGIN
                WHILE robbed < \(count) AND clock_timestamp() < now() + interval '60 s' LOOP
                    PERFORM pg_stat_clear_snapshot();
                    SELECT l.pid INTO victim FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                        WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()
                            AND a.wait_event = 'PgSleep';
                    IF victim IS NOT NULL THEN
                        PERFORM pg_terminate_backend(victim, 5000);
                        robbed := robbed + 1;
                    END IF;
                    PERFORM pg_sleep(0.005);
                END LOOP;
            END $$;
            """, in: live)
        let looking =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'thief' AND datname = '\(live.name)'"
        XCTAssertTrue(eventually { (try? self.sql(looking)) == ["1"] })
        return thief
    }

    /// How many of sixteen said that they applied it.
    private func applyBySixteen(_ file: MigrationFile) -> Int {
        let (database, live, said) = (database, live, Counter())
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            if (try? database.apply(file, to: live)) != nil { said.add() }
        }
        return said.value
    }

    private final class Counter: @unchecked Sendable {
        private let guarded = NSLock()
        private var count = 0
        var value: Int { guarded.withLock { count } }
        func add() { guarded.withLock { count += 1 } }
    }

    func testAMigrationWhoseLockIsStolenIsAppliedOnceByTheNext_T26() throws {
        for round in 1...Self.rounds {
            let file = MigrationFile(
                name: "\(round).sql", sql: "INSERT INTO a VALUES (1); SELECT pg_sleep(0.5);")
            let thief = try startThief(of: 3)
            let said = applyBySixteen(file)
            thief.waitUntilExit()
            XCTAssertEqual(said, 13, "three were ended")
            XCTAssertEqual(try sql("SELECT count(*) FROM a", in: live), ["\(round)"])
            XCTAssertEqual(try database.appliedMigrations(live).count, round)
        }
        print("T26 PostgreSQL: 3 holders ended among 16, \(Self.rounds) rounds, each applied once")
    }

    func testOneOutsideOfATransactionWhoseLockIsStolenNeverRunsTwice_I23() throws {
        for round in 1...Self.rounds {
            let file = MigrationFile(
                name: "\(round).sql",
                sql: "-- deployctl: no transaction\nINSERT INTO a VALUES (1);\nSELECT pg_sleep(1);")
            let thief = try startThief(of: 1)
            XCTAssertEqual(applyBySixteen(file), 0, "nobody says that it was applied")
            thief.waitUntilExit()
            XCTAssertThrowsError(try database.appliedMigrations(live), "a person has to look")
            XCTAssertEqual(try sql("SELECT count(*) FROM a", in: live), ["\(round)"])
            try sql("UPDATE deployctl_migration SET running = false", in: live)
        }
        print("T26 PostgreSQL: outside of a transaction, \(Self.rounds) rounds, none applied twice")
    }
}
