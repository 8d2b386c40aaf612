import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T13: somebody changes definitions while a backup is taken.
///
/// To a snapshot from before, PostgreSQL shows a table that was rewritten or truncated since as empty.
final class PostgreSQLRewriteTests: PostgreSQLFixture {
    private var payload: String { "\(folder)/payload.dump.zst" }

    /// Deterministic: the table is locked when the snapshot is taken, and rewritten when dump and summary read it.
    func testATableRewrittenAfterTheSnapshotIsNotBackedUpAsEmpty_T13() throws {
        try database.create(live)
        for change in [
            "ALTER TABLE item ALTER v TYPE varchar(99)", "TRUNCATE item",
            "DROP TABLE item; CREATE TABLE item (v text)",
        ] {
            try sql(
                "CREATE TABLE item (v text); INSERT INTO item SELECT g FROM generate_series(1, 500) g",
                in: live)
            let writer = try start("BEGIN; \(change); SELECT pg_sleep(2); COMMIT;", in: live)
            XCTAssertTrue(
                eventually { self.locks("AccessExclusiveLock", granted: true) > 0 }, "\(change) is under way")
            let (database, live, payload) = (database, live, payload)
            expectRefusal("public.item was rewritten, truncated or removed") {
                _ = try database.backUp(live, to: payload)
            }
            XCTAssertTrue(
                eventually { self.locks("AccessShareLock", granted: true) == 0 },
                "nothing of the backup goes on")
            writer.waitUntilExit()
            XCTAssertEqual(writer.terminationStatus, 0, change)
            XCTAssertFalse(FileManager.default.fileExists(atPath: payload), change)
            try sql("DROP TABLE item", in: live)
        }
    }

    func testATableThatStaysLockedEndsTheBackupSoon() throws {
        try database.create(live)
        try sql("CREATE TABLE item (v text)", in: live)
        let writer = try start("BEGIN; LOCK item; SELECT pg_sleep(60);", in: live)
        defer { writer.terminate() }
        XCTAssertTrue(eventually { self.locks("AccessExclusiveLock", granted: true) > 0 })
        let began = ContinuousClock.now
        let (database, live, payload) = (database, live, payload)
        expectRefusal("a table stayed locked for 5s", next: "let it come to its end, or end it: ") {
            _ = try database.backUp(live, to: payload)
        }
        XCTAssertLessThan(ContinuousClock.now - began, .seconds(40), "others wait meanwhile")
        XCTAssertTrue(
            eventually { self.locks("AccessShareLock", granted: false) == 0 }, "nothing of the backup goes on"
        )
    }

    private func locks(_ mode: String, granted: Bool) -> Int {
        let found = try? sql(
            "SELECT count(*) FROM pg_locks WHERE mode = '\(mode)' AND granted = \(granted) AND database = (SELECT oid FROM pg_database WHERE datname = '\(live.name)')"
        )
        return found?.first.flatMap { Int($0) } ?? 0
    }

    /// `next`: what the way out begins with.
    private func expectRefusal(
        _ why: String, next: String = "run it again when nothing else changes tables",
        _ body: () throws -> Void
    ) {
        XCTAssertThrowsError(try body(), why) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .backupFailed)
            XCTAssertEqual(error?.why.contains(why), true, "\(error?.why ?? "")")
            XCTAssertEqual(error?.next.begins(with: next), true, "\(error?.next ?? "")")
        }
    }

    /// Every transaction replaces a table by its successor and says so in another one.
    func testWhatIsTakenWhileDefinitionsChangeIsOneStateOrNothing_T13() throws {
        try database.create(live)
        try sql(
            """
            CREATE TABLE item AS SELECT g AS id, md5(g::text) AS v FROM generate_series(1, 3000) g;
            CREATE TABLE state (n int); INSERT INTO state VALUES (0); CREATE TABLE gen (n int); INSERT INTO gen VALUES (0);
            """, in: live)
        let writer = try start(
            """
            DO $$ BEGIN FOR i IN 1..1000000 LOOP
                EXECUTE 'DROP TABLE gen'; EXECUTE 'CREATE TABLE gen (n int, c' || i || ' int)';
                INSERT INTO gen VALUES (i); UPDATE state SET n = i;
                EXECUTE 'ALTER TABLE item ALTER v TYPE varchar(' || 40 + i % 9 || ')'; COMMIT; PERFORM pg_sleep(1.5);
            END LOOP; END $$;
            """, in: live)
        defer { writer.terminate() }
        var (taken, refused) = (0, 0)
        for number in 0..<4 {
            guard let snapshot = try? database.backUp(live, to: "\(folder)/\(number).dump.zst") else {
                refused += 1
                continue
            }
            taken += 1
            try database.restore("\(folder)/\(number).dump.zst", to: location("copy"))
            XCTAssertEqual(try database.summarise(location("copy")), snapshot.summary)
            let state = "SELECT count(*) || ' ' || (SELECT n FROM state) - (SELECT n FROM gen) FROM item"
            XCTAssertEqual(try sql(state, in: location("copy")), ["3000 0"])
            try database.remove(location("copy"))
        }
        XCTAssertTrue(writer.isRunning)
        XCTAssertGreaterThan(taken, 0, "between two changes there is time for a backup")
        print("T13 definitions change: \(taken) taken, \(refused) refused")
    }
}
