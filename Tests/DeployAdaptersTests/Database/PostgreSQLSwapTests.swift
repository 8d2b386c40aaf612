import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class PostgreSQLSwapTests: PostgreSQLFixture {
    private var next: DatabaseLocation { location("live__20260101120000") }
    private var retired: DatabaseLocation { location("live__20260101120000_retired") }

    private func make(_ place: DatabaseLocation, holding word: String, megabytes: Int = 0) throws {
        try database.create(place)
        try sql("CREATE TABLE note AS SELECT '\(word)' AS word", in: place)
        if megabytes > 0 {
            try sql(
                "CREATE TABLE bulk AS SELECT repeat(md5(g::text), 31) AS t FROM generate_series(1, \(megabytes * 1000)) g",
                in: place)
        }
    }

    private func word(_ place: DatabaseLocation) throws -> String? {
        try sql("SELECT word FROM note", in: place).first
    }

    func testASwapUnderReconnectingSessionsMovesNamesAndIsUndone_T15() throws {
        try make(live, holding: "old")
        try make(next, holding: "new")
        let clients = try (0..<6).map { _ in try reconnecting() }
        defer { for client in clients { client.terminate() } }
        XCTAssertTrue(eventually { ((try? self.sessions()) ?? 0) > 0 })
        for round in 0..<3 {
            try database.swap(live, with: next, keeping: retired)
            XCTAssertEqual(try word(live), "new", "round \(round)")
            XCTAssertEqual(try word(retired), "old")
            try database.swap(live, with: next, keeping: retired)
            XCTAssertEqual(try word(live), "new", "a repeat changes nothing")
            try database.swap(live, with: retired, keeping: next)
            XCTAssertEqual(try word(live), "old", "undone")
        }
        XCTAssertTrue(clients.allSatisfy(\.isRunning))
    }

    /// A program that connects again as soon as it is thrown out.
    private func reconnecting() throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "while :; do psql -Xqc 'SELECT pg_sleep(5)' >/dev/null 2>&1; done",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "PGHOST": server.host, "PGPORT": "\(server.port)", "PGUSER": server.user,
            "PGPASSWORD": server.password, "PGDATABASE": live.name,
        ]) { $1 }
        try process.run()
        return process
    }

    private func sessions() throws -> Int {
        Int(try sql("SELECT count(*) FROM pg_stat_activity WHERE datname = '\(live.name)'").first ?? "") ?? 0
    }

    func testRightsAndSettingsStayWithTheName() throws {
        try make(live, holding: "old")
        try sql(
            """
            REVOKE CONNECT ON DATABASE "\(live.name)" FROM PUBLIC;
            GRANT CONNECT, TEMPORARY ON DATABASE "\(live.name)" TO "\(role)" WITH GRANT OPTION;
            ALTER DATABASE "\(live.name)" SET search_path = "$user", public, "odd, 'one'";
            ALTER DATABASE "\(live.name)" SET DateStyle = 'SQL, DMY';
            ALTER ROLE "\(role)" IN DATABASE "\(live.name)" SET work_mem = '7MB';
            ALTER DATABASE "\(live.name)" CONNECTION LIMIT 77;
            COMMENT ON DATABASE "\(live.name)" IS 'it''s live';
            """)
        let before = try properties()
        try make(next, holding: "new")
        try database.swap(live, with: next, keeping: retired)
        XCTAssertEqual(try word(live), "new")
        XCTAssertEqual(try properties(), before)
        try database.copy(live, to: next)
        XCTAssertEqual(try word(next), "new")
        try database.swap(live, with: next, keeping: location("live__20260101130000_retired"))
        XCTAssertEqual(try properties(), before, "a copy has them too")
    }

    private func properties() throws -> [String] {
        try sql(
            """
            SELECT datdba::regrole, datconnlimit, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '\(live.name)';
            SELECT grantee::regrole, privilege_type, is_grantable FROM pg_database, aclexplode(datacl)
                WHERE datname = '\(live.name)' ORDER BY 1, 2;
            SELECT setrole::regrole, setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase
                WHERE datname = '\(live.name)' ORDER BY 1::text;
            """)
    }

    /// T15: a client killed at any moment of the swap has swapped or not; the repeat completes it.
    func testASwapKilledAtAnyMomentIsCompletedByARepeat_T15() throws {
        try make(live, holding: "old")
        try make(next, holding: "new")
        var (swapped, untouched) = (0, 0)
        for round in 0..<12 {
            let killer = try start(killing(after: round))
            XCTAssertTrue(eventually { (try? self.killers()) == 1 })
            try? database.swap(live, with: next, keeping: retired)
            killer.waitUntilExit()
            let there = try [live, next, retired].map { try database.exists($0) }
            switch there {
            case [true, true, false]: untouched += 1
            case [true, false, true]: swapped += 1
            default: XCTFail("round \(round): half swapped, \(there)")
            }
            try database.swap(live, with: next, keeping: retired)
            XCTAssertEqual(try word(live), "new", "round \(round)")
            XCTAssertEqual(try word(retired), "old")
            try database.swap(live, with: retired, keeping: next)
        }
        XCTAssertGreaterThan(untouched, 0, "some were killed before the end")
        print("killed swaps: \(untouched) had done nothing, \(swapped) everything")
    }

    /// Ends the session that swaps, some milliseconds after it came.
    private func killing(after milliseconds: Int) -> String {
        """
        SET application_name = 'killer \(prefix)';
        DO $$ DECLARE victim int; BEGIN
            FOR i IN 1..20000 LOOP
                PERFORM pg_stat_clear_snapshot();
                SELECT pid INTO victim FROM pg_stat_activity
                    WHERE application_name LIKE 'deployctl %' AND query LIKE '%\(prefix)%';
                EXIT WHEN victim IS NOT NULL;
                PERFORM pg_sleep(0.0005);
            END LOOP;
            PERFORM pg_sleep(\(milliseconds) / 1000.0);
            PERFORM pg_terminate_backend(victim);
        END $$;
        """
    }

    private func killers() throws -> Int {
        try sql("SELECT 1 FROM pg_stat_activity WHERE application_name = 'killer \(prefix)'").count
    }

    func testASwapTakesAsLongForALargeDatabase() throws {
        let large = Int(ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_MEGABYTES"] ?? "") ?? 60
        for megabytes in [10, large] {
            try make(live, holding: "old", megabytes: megabytes)
            try make(next, holding: "new", megabytes: megabytes)
            let size = database.size(live) / 1_000_000
            let (database, live, next, retired) = (database, live, next, retired)
            let duration = try ContinuousClock().measure {
                try database.swap(live, with: next, keeping: retired)
            }
            print("swap of \(size) MB: \(Int(duration / .milliseconds(1))) ms")
            for place in [live, retired] { try database.remove(place) }
        }
    }

    func testWhatCannotBeSwappedIsRefused() throws {
        try make(live, holding: "old")
        XCTAssertThrowsError(try database.swap(live, with: next, keeping: retired))
        try make(next, holding: "new")
        try make(retired, holding: "older")
        XCTAssertThrowsError(try database.swap(live, with: next, keeping: retired))
        XCTAssertEqual(try word(live), "old")
        try database.remove(live)
        try database.swap(live, with: next, keeping: retired)
        XCTAssertEqual(try word(live), "new", "a live one that is lost is replaced")
    }

    /// T05: what an interrupted run left running on the server is ended.
    func testEndingSessionsLeavesNoneAndLetsOthersBe_T05() throws {
        try make(live, holding: "old")
        try make(next, holding: "new")
        let busy = try start("SELECT pg_sleep(60)", in: live)
        let other = try start("SELECT pg_sleep(60)", in: next)
        defer { other.terminate() }
        XCTAssertTrue(eventually { (try? self.sessions()) == 1 })
        try database.endSessions(in: live)
        XCTAssertEqual(try sessions(), 0)
        busy.waitUntilExit()
        XCTAssertTrue(other.isRunning)
    }
}
