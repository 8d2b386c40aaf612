import XCTest

@testable import DeployCore

final class SQLiteSummaryTests: SQLiteFixture {
    private let schema = """
        CREATE TABLE plain (a, b);
        INSERT INTO plain VALUES (1, 'text'), (NULL, ''), (x'00ff', 'n' || char(0) || 'l'), (2.5, '🚀é');
        CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
        INSERT INTO keyed VALUES ('a', 1), ('b', 2);
        CREATE TABLE computed (x, y AS (x * 2) STORED);
        INSERT INTO computed (x) VALUES (4);
        CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
        INSERT INTO counted (v) VALUES ('a'), ('b');
        CREATE TABLE "odd ""name""
        with; 'line'" ("co l""umn" TEXT);
        INSERT INTO "odd ""name""
        with; 'line'" VALUES ('x');
        CREATE TABLE twin (rowid TEXT, v);
        INSERT INTO twin VALUES ('r', 1);
        CREATE VIEW seen AS SELECT a FROM plain;
        CREATE INDEX by_b ON plain (b);
        CREATE TRIGGER noted AFTER INSERT ON keyed BEGIN SELECT 1; END;
        PRAGMA user_version = 3;
        """

    func testATableOfTheApplicationDoesNotAnswerForTheLibrary_S08() throws {
        let forged = """
            CREATE TABLE pragma_table_xinfo (cid, name, type, "notnull", dflt_value, pk, hidden, arg, schema);
            INSERT INTO pragma_table_xinfo VALUES (0, 'forged', '', 0, NULL, 0, 0, 'kept', 'main');
            CREATE TABLE pragma_table_list (schema, name, type, ncol, wr, strict);
            INSERT INTO pragma_table_list VALUES ('main', 'plain', 'table', 2, 1, 0);
            """
        try write(schema + forged, to: live)
        let columns = try database.columns(of: live).filter { $0.table == "keyed" || $0.table == "computed" }
        XCTAssertEqual(columns.map(\.name), ["x", "y", "k", "v"])
        let before = try database.summarise(live)
        XCTAssertEqual(before.tables.first { $0.name == "plain" }?.rows, 4)
        try write("UPDATE plain SET rowid = 77 WHERE a = 1", to: live)
        XCTAssertNotEqual(try database.summarise(live), before, "rows are still told apart by their number")
    }

    func testEqualDatabasesHaveEqualSummaries() throws {
        try write(schema, to: live)
        try write(schema, to: location("other.db"))
        let (one, other) = (try database.summarise(live), try database.summarise(location("other.db")))
        XCTAssertEqual(one, other)
        XCTAssertEqual(one.tables.count, 6)
        XCTAssertEqual(one.objects, ["view": 1, "index": 1, "trigger": 1])
    }

    func testEachChangeOfContentOrSchemaIsSeen() throws {
        try write(schema, to: live)
        let before = try database.summarise(live)
        let changes = [
            "UPDATE plain SET b = 'texu' WHERE b = 'text'", "UPDATE plain SET a = '1' WHERE a = 1",
            "UPDATE plain SET a = 1.0 WHERE typeof(a) = 'integer'", "UPDATE plain SET b = NULL WHERE b = ''",
            "UPDATE plain SET a = '' WHERE a IS NULL",
            "UPDATE plain SET a = x'00fe' WHERE typeof(a) = 'blob'",
            "UPDATE plain SET a = x'00ff00' WHERE typeof(a) = 'blob'",
            "UPDATE plain SET b = 'n' WHERE b LIKE 'n%'",
            "UPDATE plain SET b = 'n' || char(0) || 'm' WHERE b LIKE 'n%'",
            "UPDATE plain SET b = '🚁é' WHERE a = 2.5",
            "UPDATE plain SET b = CAST(b AS BLOB) WHERE a = 2.5",
            "UPDATE plain SET a = 2.5000000000000004 WHERE a = 2.5",
            "UPDATE plain SET rowid = 77 WHERE a = 1", "DELETE FROM plain WHERE a = 1",
            "INSERT INTO plain VALUES (NULL, NULL)", "UPDATE keyed SET v = 3 WHERE k = 'b'",
            "UPDATE keyed SET k = 'c' WHERE k = 'b'", "DELETE FROM keyed WHERE k = 'a'",
            "UPDATE computed SET x = 5",
            "UPDATE counted SET v = 'c' WHERE id = 2", "UPDATE sqlite_sequence SET seq = 9",
            "DELETE FROM sqlite_sequence",
            "UPDATE \"odd \"\"name\"\"\nwith; 'line'\" SET \"co l\"\"umn\" = 'y'", "UPDATE twin SET v = 2",
            "UPDATE twin SET rowid = 's'", "DROP VIEW seen", "DROP INDEX by_b", "DROP TRIGGER noted",
            "DROP VIEW seen; CREATE VIEW seen AS SELECT b FROM plain", "CREATE VIEW second AS SELECT 1",
            "CREATE TABLE extra (a)", "DROP TABLE twin", "ALTER TABLE keyed ADD COLUMN w",
            "PRAGMA user_version = 4",
        ]
        for (number, change) in changes.enumerated() {
            let other = location("\(number).db")
            try write(schema + change, to: other)
            XCTAssertFalse(try database.summarise(other).differences(from: before).isEmpty, change)
        }
    }

    func testANameThatOnlyLooksLikeAnotherIsATableOfItsOwn() throws {
        try write("CREATE TABLE \"\u{e9}\" (a); CREATE TABLE \"e\u{301}\" (a);", to: live)
        let summary = try database.summarise(live)
        XCTAssertEqual(summary.tables.count, 2)
        XCTAssertEqual(summary.differences(from: summary), [])
    }

    func testADamagedDatabaseIsNotSummarised() throws {
        try Data("no database at all, but long enough to be looked at".utf8).write(
            to: URL(fileURLWithPath: live.name))
        XCTAssertThrowsError(try database.summarise(live))
    }
}
