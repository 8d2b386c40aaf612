import DeployTestSupport
import XCTest

@testable import DeployCore

final class PostgreSQLSummaryTests: PostgreSQLFixture {
    private let schema = """
        CREATE TABLE plain (a int, b text);
        INSERT INTO plain VALUES (1, 'text'), (NULL, ''), (2, NULL), (3, '🚀é');
        CREATE TABLE number (f float8, n numeric, t timestamptz, y bytea);
        INSERT INTO number VALUES (0.1, 1.0, '2020-01-01 00:00+00', '\\x00ff');
        CREATE SCHEMA other; CREATE TABLE other.plain (a int); INSERT INTO other.plain VALUES (1);
        CREATE TABLE counted (id serial, v text); INSERT INTO counted (v) VALUES ('a'), ('b');
        CREATE TABLE "odd ""name""
        with; 'line'" ("co l""umn" text); INSERT INTO "odd ""name""
        with; 'line'" VALUES ('x');
        CREATE VIEW seen AS SELECT a FROM plain; CREATE INDEX by_b ON plain (b);
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TYPE mood AS ENUM ('low', 'high');
        SELECT lo_from_bytea(77, 'content');

        """

    func testEqualDatabasesHaveEqualSummariesInWhateverOrderTheirRowsAre() throws {
        for place in [live, location("other")] {
            try database.create(place)
            try sql(schema, in: place)
        }
        try sql(
            "UPDATE plain SET a = a; VACUUM FULL plain; ALTER DATABASE \"\(location("other").name)\" SET DateStyle = 'SQL, DMY'; ALTER DATABASE \"\(location("other").name)\" SET TimeZone = 'Asia/Tokyo'; ALTER DATABASE \"\(location("other").name)\" SET bytea_output = 'escape'; ALTER DATABASE \"\(location("other").name)\" SET extra_float_digits = 0",
            in: location("other"))
        let (one, other) = (try database.summarise(live), try database.summarise(location("other")))
        XCTAssertEqual(one, other)
        XCTAssertEqual(one.tables.count, 7)
        XCTAssertTrue(one.engine.hasPrefix("postgresql "), one.engine)
        XCTAssertEqual(one.objects["view"], 1)
    }

    func testEachChangeOfContentOrSchemaIsSeen() throws {
        try database.create(live)
        try sql(schema, in: live)
        let before = try database.summarise(live)
        let changes = [
            "UPDATE plain SET b = 'texu' WHERE a = 1", "UPDATE plain SET b = NULL WHERE b = ''",
            "UPDATE plain SET b = '' WHERE b IS NULL", "UPDATE plain SET b = '🚁é' WHERE a = 3",
            "UPDATE plain SET b = CASE a WHEN 1 THEN '🚀é' WHEN 3 THEN 'text' ELSE b END",
            "DELETE FROM plain WHERE a = 1", "INSERT INTO plain VALUES (1, 'text')",
            "UPDATE number SET f = 0.1 + 1e-17 * 2", "UPDATE number SET n = 1.00",
            "UPDATE number SET t = t + interval '1 microsecond'", "UPDATE number SET y = '\\x00fe'",
            "UPDATE other.plain SET a = 2", "UPDATE counted SET v = 'c' WHERE id = 2",
            "SELECT nextval('counted_id_seq')", "SELECT setval('counted_id_seq', 2, false)",
            "ALTER SEQUENCE counted_id_seq INCREMENT 2",
            "UPDATE \"odd \"\"name\"\"\nwith; 'line'\" SET \"co l\"\"umn\" = 'y'",
            "DROP VIEW seen", "CREATE OR REPLACE VIEW seen AS SELECT a + 0 AS a FROM plain",
            "DROP INDEX by_b",
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", "DROP FUNCTION f()",
            "ALTER TYPE mood ADD VALUE 'mid' BEFORE 'high'", "CREATE TABLE extra (a int)",
            "DROP TABLE counted",
            "ALTER TABLE plain ADD COLUMN c int", "ALTER TABLE plain ALTER a SET NOT NULL; ",
            "ALTER TABLE plain ALTER b SET DEFAULT 'x'", "ALTER TABLE plain ADD CHECK (a > 0) NOT VALID",
            "COMMENT ON TABLE plain IS 'x'", "GRANT SELECT ON plain TO PUBLIC",
            "SET ROLE NONE; ALTER TABLE plain OWNER TO CURRENT_USER",
            "GRANT CREATE ON SCHEMA public TO PUBLIC",
            "ALTER TABLE plain ENABLE ROW LEVEL SECURITY", "CREATE POLICY p ON plain USING (true)",
            "CREATE EXTENSION pg_trgm", "SELECT lo_put(77, 2, 'X')", "SELECT lo_unlink(77)",
            "SELECT lo_creat(-1)",
            "ALTER TABLE plain SET UNLOGGED", "CREATE STATISTICS s ON a, b FROM plain",
        ]
        var seen = 0
        for change in changes {
            try database.copy(live, to: location("copy"))
            XCTAssertEqual(try database.summarise(location("copy")), before, "a copy is the same")
            let change = change.replacing("$r", with: role)
            let text =
                change.contains("SET NOT NULL") ? "DELETE FROM plain WHERE a IS NULL; \(change)" : change
            try sql(text, in: location("copy"))
            let differences = try database.summarise(location("copy")).differences(from: before)
            XCTAssertFalse(differences.isEmpty, change)
            if !differences.isEmpty { seen += 1 }
            try database.remove(location("copy"))
        }
        print("\(seen) of \(changes.count) changes seen")
    }
}
