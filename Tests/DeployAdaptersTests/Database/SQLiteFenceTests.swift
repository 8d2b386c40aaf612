import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What a commit's SQL may do with a database of SQLite: nothing outside its own file.
final class SQLiteFenceTests: SQLiteFixture {
    private var victim: DatabaseLocation { location("victim.db") }

    /// Statements that lead out of the file, take its protections away or load code.
    private var doors: [String] {
        let path = victim.name
        return [
            "ATTACH '\(path)' AS v; DELETE FROM v.customer", "ATTACH DATABASE '\(path)' AS v",
            "attach 'file:\(path)?mode=rw' as v", "ATTACH ('' || '\(path)') AS v", "ATTACH ':memory:' AS v",
            "ATTACH CAST('\(path)' AS TEXT) AS v", "/**/ATTACH/**/'\(path)'/**/AS/**/v",
            "DETACH main", "VACUUM INTO '\(folder)/out.db'", "VACUUM main INTO ('\(folder)/out.db')",
            "PRAGMA writable_schema = ON", "PRAGMA main.writable_schema = RESET", "PRAGMA schema_version = 7",
            "PRAGMA journal_mode = OFF", "PRAGMA journal_mode = MEMORY", "pragma main.Journal_Mode(off)",
            "PRAGMA temp_store_directory = '\(folder)'", "PRAGMA data_store_directory = '\(folder)'",
            "PRAGMA trusted_schema = ON", "PRAGMA mmap_size = 1000000000", "PRAGMA hard_heap_limit = 1",
            "PRAGMA soft_heap_limit = 1", "PRAGMA cell_size_check = OFF", "PRAGMA no_such_pragma",
            "SELECT load_extension('\(folder)/evil')", "SELECT LOAD_EXTENSION('x', 'y')",
            "SELECT fts3_tokenizer('simple')", "SELECT fts3_tokenizer('simple', x'00')",
            "CREATE VIRTUAL TABLE d USING sqlite_dbpage", "CREATE VIRTUAL TABLE d USING dbstat(main)",
            "CREATE VIRTUAL TABLE d USING csv(filename='/etc/passwd')",
            "CREATE VIRTUAL TABLE d USING zipfile('\(folder)/x.zip')",
            "SELECT writefile('\(folder)/out.db', 'x')", "SELECT readfile('/etc/passwd')",
            "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, 'CREATE TABLE x (n)')",
            "UPDATE sqlite_dbpage SET data = x'00'", ".shell touch \(folder)/out.db",
            ".output \(folder)/out.db",
        ]
    }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try write("CREATE TABLE customer (name); INSERT INTO customer VALUES ('alice');", to: victim)
        try database.create(live)
    }

    func testAMigrationHasNoWayOutOfItsFile_S08() throws {
        let before = try database.summarise(live)
        for door in doors {
            let migration = MigrationFile(name: "1.sql", sql: "CREATE TABLE mine (n);\n\(door);\n")
            expectError(.stepFailed, door) { try database.apply(migration, to: live) }
            XCTAssertEqual(try database.summarise(live), before, door)
            try demandUntouched(door)
        }
    }

    func testAScriptHasNoWayOutOfItsFile_S08() throws {
        for (number, door) in doors.enumerated() {
            for wrapping in ["%;", "BEGIN; CREATE TABLE t\(number) (n); COMMIT; %;"] {
                let sql = wrapping.replacing("%", with: door)
                expectError(.stepFailed, sql) {
                    try database.run(SQLFile(name: "seed.sql", sql: sql), in: live)
                }
                try demandUntouched(door)
            }
        }
    }

    /// What a text leaves behind runs when somebody else writes, reads or copies.
    func testWhatAMigrationLeavesBehindRunsWithoutWaysOut_S08() throws {
        let doors = [
            "load_extension('\(folder)/evil')", "fts3_tokenizer('simple')", "fts3_tokenizer('a', x'00')",
        ]
        for (number, door) in doors.enumerated() {
            for object in [
                "CREATE TRIGGER t AFTER INSERT ON deployctl_migration BEGIN SELECT \(door); END",
                "CREATE TEMP TRIGGER t AFTER INSERT ON main.deployctl_migration BEGIN SELECT \(door); END",
            ] {
                let migration = MigrationFile(name: "\(number).sql", sql: object)
                expectError(.stepFailed, object) { try database.apply(migration, to: live) }
            }
        }
        XCTAssertEqual(try database.appliedMigrations(live), [])
    }

    func testATemporaryTableTakesNoRecordAway() throws {
        let sql = "CREATE TEMP TABLE deployctl_migration (name, sha256, applied_at)"
        try database.apply(MigrationFile(name: "1.sql", sql: sql), to: live)
        XCTAssertEqual(try database.appliedMigrations(live).map(\.name), ["1.sql"])
    }

    func testWhatAnApplicationNeedsStillRuns() throws {
        let sql = """
            PRAGMA foreign_keys = ON; PRAGMA user_version = 3; PRAGMA application_id = 7; PRAGMA table_info(a);
            CREATE TABLE a (n INTEGER PRIMARY KEY, t TEXT, g AS (upper(t)) STORED); CREATE INDEX i ON a (lower(t));
            CREATE VIRTUAL TABLE search USING fts5(t, content='a', content_rowid='n');
            CREATE TRIGGER s AFTER INSERT ON a BEGIN INSERT INTO search (rowid, t) VALUES (new.n, new.t); END;
            INSERT INTO a (t) VALUES ('one'), ('two'); CREATE VIEW v AS SELECT count(*) FROM a;
            CREATE TEMP TABLE scratch AS SELECT * FROM a; ALTER TABLE a ADD COLUMN m; ALTER TABLE a RENAME COLUMN m TO k;
            SAVEPOINT s; DROP TABLE scratch; RELEASE s; PRAGMA foreign_key_check; PRAGMA integrity_check; ANALYZE;
            """
        try database.apply(MigrationFile(name: "1.sql", sql: sql), to: live)
        try database.run(
            SQLFile(
                name: "seed.sql",
                sql: "PRAGMA journal_mode = WAL; VACUUM; BEGIN; INSERT INTO a (t) VALUES ('three'); COMMIT;"),
            in: live)
        XCTAssertEqual(try database.summarise(live).tables.first { $0.name == "a" }?.rows, 3)
        try database.compact(live)
    }

    private func demandUntouched(_ door: String) throws {
        XCTAssertEqual(try database.summarise(victim).rows, 1, door)
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(folder)/out.db"), door)
    }
}
