import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class SQLiteBackupTests: SQLiteFixture {
    /// Two tables change together; a copy in which they differ is torn.
    private func writer(mode: String) throws -> Process {
        try write(
            "PRAGMA journal_mode = \(mode); CREATE TABLE a (n); CREATE TABLE b (n, filler);", to: live)
        let process = try start(
            """
            import sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
            for n in range(1000000):
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO a VALUES (?)", (n,))
                db.execute("INSERT INTO b VALUES (?, ?)", (n, "x" * 300))
                db.execute("COMMIT")
                time.sleep(0.002)
            """, [live.name])
        addTeardownBlock {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let rows = { (try? self.database.summarise(self.live).tables.first?.rows) ?? 0 }
        XCTAssertTrue(eventually { rows() > 3 })
        return process
    }

    func testABackupUnderLoadIsOneSnapshotInBothJournalModes() throws {
        for mode in ["DELETE", "WAL"] {
            try database.remove(live)
            let process = try writer(mode: mode)
            var sizes: [Int64] = []
            for number in 0..<3 {
                let payload = "\(folder)/\(mode)-\(number).zst"
                let summary = try database.backUp(live, to: payload).summary
                try database.restore(payload, to: location("back.db"))
                XCTAssertEqual(try database.summarise(location("back.db")), summary, mode)
                XCTAssertEqual(summary.tables[0].rows, summary.tables[1].rows, "the copy is torn")
                XCTAssertEqual(
                    try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                        $0.hasPrefix("\(mode)-\(number)")
                    }, ["\(mode)-\(number).zst"], "a backup is one file")
                sizes.append(summary.rows)
            }
            XCTAssertTrue(process.isRunning)
            XCTAssertGreaterThan(sizes.last ?? 0, sizes.first ?? 0, "the writer wrote meanwhile")
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    func testWhatIsOnlyInTheWALIsInTheBackup() throws {
        try application(
            """
            db.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE a (n); INSERT INTO a VALUES (1)")
            """)
        XCTAssertEqual(try database.backUp(live, to: "\(folder)/copy.zst").summary.rows, 1)
        try database.restore("\(folder)/copy.zst", to: location("copy.db"))
        XCTAssertEqual(try database.summarise(location("copy.db")).rows, 1)
        XCTAssertGreaterThan(database.size(live), 4096, "the WAL counts")
    }

    func testARestoreIsByteForByteWhatWasBackedUp() throws {
        try write("CREATE TABLE a (n); INSERT INTO a VALUES (x'00'), (NULL), ('é');", to: live)
        let taken = try database.backUp(live, to: "\(folder)/payload.zst").summary
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o400], ofItemAtPath: "\(folder)/payload.zst")
        try database.restore("\(folder)/payload.zst", to: location("back.db"))
        XCTAssertEqual(try database.summarise(location("back.db")), taken)
        let bytes = { (name: String) in try Data(contentsOf: URL(fileURLWithPath: "\(self.folder)/\(name)")) }
        // The pages after the header with its change counters.
        XCTAssertEqual(try bytes("back.db").dropFirst(100), try bytes("live.db").dropFirst(100))
        for name in ["payload.zst", "back.db"] {
            let mode =
                try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.posixPermissions]
                as? Int
            XCTAssertEqual(mode, name == "back.db" ? 0o600 : 0o400)
        }
    }

    func testRemovingLeavesNoSideFiles() throws {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: live.name + suffix))
        }
        try database.remove(live)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), [])
    }

    func testAFailureAtAnyStatementOfAMigrationLeavesNothing() throws {
        try database.create(live)
        let before = try database.summarise(live)
        let statements = [
            "CREATE TABLE a (n PRIMARY KEY)", "INSERT INTO a VALUES (1)", "CREATE INDEX i ON a (n)",
            "ALTER TABLE a ADD COLUMN m", "CREATE VIEW v AS SELECT 1", "PRAGMA user_version = 7",
        ]
        for position in 0...statements.count {
            for broken in [
                "NONSENSE", "INSERT INTO nowhere VALUES (1)", "COMMIT", "ROLLBACK",
                "END; CREATE TABLE z (a); BEGIN",
            ] {
                var script = statements
                script.insert(broken, at: position)
                let migration = MigrationFile(name: "1.sql", sql: script.joined(separator: ";\n"))
                expectError(.stepFailed, "\(broken) at \(position)") {
                    try database.apply(migration, to: live)
                }
                XCTAssertEqual(try database.summarise(live), before, "\(broken) at \(position)")
                XCTAssertEqual(try database.appliedMigrations(live), [])
            }
        }
        let nul = MigrationFile(name: "1.sql", sql: "CREATE TABLE a (n);\0CREATE TABLE b (n);")
        expectError(.stepFailed, "a NUL byte") { try database.apply(nul, to: live) }
        try database.apply(MigrationFile(name: "1.sql", sql: statements.joined(separator: ";\n")), to: live)
        XCTAssertEqual(try database.appliedMigrations(live).count, 1)
        try database.apply(
            MigrationFile(
                name: "2.sql", sql: "SAVEPOINT s; INSERT INTO a (n) VALUES (2); RELEASE s; -- COMMIT"),
            to: live)
        XCTAssertEqual(try database.summarise(live).tables.first { $0.name == "a" }?.rows, 2)
    }

    func testAMigrationThatBreaksForeignKeysIsRefused() throws {
        try write(
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id)); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);",
            to: live)
        let before = try database.summarise(live)
        expectError(.stepFailed, "a broken reference") {
            try database.apply(MigrationFile(name: "1.sql", sql: "DELETE FROM p"), to: live)
        }
        XCTAssertEqual(try database.summarise(live), before)
    }
}
