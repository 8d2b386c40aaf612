import XCTest

@testable import DeployCore

final class HeavyStatementTests: XCTestCase {
    private typealias Engine = Environment.Database.Engine

    private func notices(_ sql: String, _ engine: Engine) -> [String] {
        HeavyStatement.find(in: [MigrationFile(name: "2.sql", sql: sql)], engine: engine).map(\.notice)
    }

    /// Statement, what is said of it for SQLite, MySQL and PostgreSQL; nil where nothing is.
    private let table: [(String, String?, String?, String?)] = [
        ("ALTER TABLE a ADD COLUMN b int", nil, nil, nil),
        ("ALTER TABLE a ADD b int DEFAULT 7 NOT NULL", nil, nil, nil),
        ("ALTER TABLE a DROP COLUMN b", "DROP COLUMN", "DROP COLUMN", "DROP COLUMN"),
        ("alter table a drop b", "DROP COLUMN", "DROP COLUMN", "DROP COLUMN"),
        ("ALTER TABLE a DROP CONSTRAINT c", nil, nil, nil),
        ("ALTER TABLE a RENAME TO c", "old name", "old name", "old name"),
        ("ALTER TABLE a RENAME COLUMN b TO c", "old name", "old name", "old name"),
        ("ALTER TABLE a RENAME INDEX b TO c", nil, nil, nil),
        ("ALTER TABLE IF EXISTS ONLY s.a ALTER b TYPE bigint", nil, nil, "TYPE writes"),
        ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", nil, nil, "SET NOT NULL"),
        ("ALTER TABLE a ALTER COLUMN b SET DEFAULT 3", nil, nil, nil),
        ("ALTER TABLE a ADD COLUMN b serial", nil, nil, "each row"),
        ("ALTER TABLE a ADD COLUMN b uuid DEFAULT gen_random_uuid()", nil, nil, "each row"),
        ("ALTER TABLE a ADD COLUMN b timestamptz DEFAULT now()", nil, nil, nil),
        ("ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS (c * 2) STORED", nil, "each row", "each row"),
        ("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0)", nil, "ADD CHECK", "ADD CONSTRAINT"),
        ("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID", nil, "ADD CHECK", nil),
        ("ALTER TABLE a ADD PRIMARY KEY (b)", nil, "ADD PRIMARY KEY", "ADD PRIMARY"),
        ("ALTER TABLE a ADD CONSTRAINT c UNIQUE USING INDEX i", nil, nil, nil),
        ("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d)", nil, "ADD FOREIGN", "ADD FOREIGN"),
        ("ALTER TABLE a VALIDATE CONSTRAINT c", nil, nil, nil),
        ("ALTER TABLE a SET UNLOGGED", nil, nil, "SET UNLOGGED"),
        ("ALTER TABLE `a` MODIFY b bigint", nil, "MODIFY copies", nil),
        ("ALTER TABLE a ADD COLUMN b int, CHANGE c d int", nil, "CHANGE copies", nil),
        ("ALTER TABLE a MODIFY b bigint, ALGORITHM=INSTANT", nil, nil, nil),
        ("ALTER TABLE a MODIFY b bigint, ALGORITHM = INPLACE, LOCK = NONE", nil, nil, nil),
        ("ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4", nil, "CONVERT", nil),
        ("ALTER TABLE a ENGINE=InnoDB", nil, "ENGINE copies", nil),
        ("ALTER TABLE a ADD FULLTEXT INDEX i (b)", nil, "FULLTEXT reads", nil),
        ("ALTER TABLE a ADD INDEX i (b)", nil, nil, nil),
        ("CREATE INDEX i ON a (b)", "CREATE INDEX on a reads", nil, "CONCURRENTLY lets"),
        ("CREATE UNIQUE INDEX IF NOT EXISTS i ON a (b)", "reads every row", nil, "CONCURRENTLY lets"),
        ("CREATE FULLTEXT INDEX i ON a (b)", "reads", "CREATE FULLTEXT INDEX on a", "reads"),
        ("CREATE INDEX CONCURRENTLY i ON a (b)", "reads", nil, nil),
        ("DROP INDEX i", nil, nil, "DROP INDEX i lets"),
        ("DROP INDEX CONCURRENTLY i", nil, nil, nil),
        ("DROP TABLE IF EXISTS a", "DROP TABLE a", "DROP TABLE a", "DROP TABLE a"),
        ("DROP VIEW a", "DROP VIEW a", "DROP VIEW a", "DROP VIEW a"),
        ("TRUNCATE TABLE a", "TRUNCATE a", "TRUNCATE a", "TRUNCATE a"),
        ("TRUNCATE a", "TRUNCATE a", "TRUNCATE a", "TRUNCATE a"),
        ("RENAME TABLE a TO b", "RENAME TABLE a", "RENAME TABLE a", "RENAME TABLE a"),
        ("DELETE FROM a", "DELETE a without WHERE", "DELETE a", "DELETE a"),
        ("DELETE FROM a WHERE b = 1", nil, nil, nil),
        ("UPDATE a SET b = 1", "UPDATE a without WHERE", "UPDATE a", "UPDATE a"),
        ("UPDATE a SET b = (SELECT c FROM d WHERE e = 1)", "UPDATE a", "UPDATE a", "UPDATE a"),
        ("UPDATE OR IGNORE a SET b = 1", "UPDATE a", "UPDATE a", "UPDATE a"),
        ("UPDATE a SET b = 1 WHERE c", nil, nil, nil),
        ("WITH x AS (SELECT 1 WHERE true) UPDATE a SET b = 1", "UPDATE a", "UPDATE a", "UPDATE a"),
        ("WITH x AS (DELETE FROM a) SELECT 1", nil, nil, nil),
        ("INSERT INTO a VALUES ('DROP TABLE a; DELETE FROM a')", nil, nil, nil),
        ("INSERT INTO a SELECT b FROM c ON CONFLICT DO UPDATE SET b = 1", nil, nil, nil),
        ("VACUUM", "VACUUM", "VACUUM", nil), ("VACUUM FULL a", "VACUUM", "VACUUM", "VACUUM"),
        ("REFRESH MATERIALIZED VIEW v", "VIEW v", "VIEW v", "VIEW v"),
        ("CREATE INDEX i ON event (b)", "on event", nil, "on event"),
        ("CREATE VIEW v AS SELECT 1", nil, nil, nil), ("SELECT 1", nil, nil, nil), ("", nil, nil, nil),
    ]

    func testEachStatementIsJudgedForEachEngine() {
        for (sql, sqlite, mysql, postgresql) in table {
            for (engine, wanted) in [(Engine.sqlite, sqlite), (.mysql, mysql), (.postgresql, postgresql)] {
                let found = notices(sql, engine)
                guard let wanted else {
                    XCTAssertEqual(found, [], "\(engine): \(sql)")
                    continue
                }
                XCTAssertEqual(found.count, 1, "\(engine): \(sql)")
                XCTAssertEqual(found.first?.contains(wanted), true, "\(engine): \(sql): \(found)")
            }
        }
    }

    func testFileAndLineAreSaid() {
        let sql = "-- one\n/* two\n three */ INSERT INTO a VALUES ('x\ny');\n\n  DROP TABLE\n b;"
        for engine in Engine.allCases {
            XCTAssertEqual(
                notices(sql, engine),
                [
                    "2.sql:6: DROP TABLE b removes it while the old release, which serves until the cutover, may still use it"
                ])
        }
    }

    func testStringsCommentsAndQuotedNamesHideNothingAndShowNothing() {
        let cases: [(String, Engine, [String])] = [
            ("SELECT 'it''s; DROP TABLE a'; DROP TABLE b", .sqlite, ["b"]),
            ("SELECT 'a\\'; DROP TABLE c'; DROP TABLE b", .mysql, ["b"]),
            ("SELECT 'a\\'; DROP TABLE b; --'", .postgresql, ["b"]),
            ("SELECT E'a\\'; DROP TABLE c'; DROP TABLE b", .postgresql, ["b"]),
            ("SELECT \"; DROP TABLE a\"; DROP TABLE b", .mysql, ["b"]),
            ("DROP TABLE \"odd; \"\"name\"", .postgresql, ["odd; \"name"]),
            ("DROP TABLE `odd``; name`", .mysql, ["odd`; name"]),
            ("DROP TABLE [odd; name]", .sqlite, ["odd; name"]),
            ("# DROP TABLE a\nDROP TABLE b", .mysql, ["b"]),
            ("SELECT 1 # 2; DROP TABLE b", .postgresql, ["b"]),
            ("SELECT 1--1; DROP TABLE b", .mysql, ["b"]),
            ("SELECT 1--1; DROP TABLE a\n; DROP TABLE b", .sqlite, ["b"]),
            ("/* /* */ DROP TABLE a; */ DROP TABLE b", .postgresql, ["b"]),
            ("/* /* */ DROP TABLE b", .mysql, ["b"]),
            ("/*!50001 DROP TABLE b */;", .mysql, ["b"]),
            ("DO $x$ BEGIN DROP TABLE a; $y$; END $x$; DROP TABLE b", .postgresql, ["b"]),
            ("SELECT $1; DROP TABLE b", .postgresql, ["b"]),
            ("SELECT '", .sqlite, []), ("/*", .mysql, []), ("$$", .postgresql, []), ("(((", .sqlite, []),
            ("DROP TABLE", .sqlite, [""]), ("ALTER TABLE", .mysql, []), ("'\\", .mysql, []),
        ]
        for (sql, engine, tables) in cases {
            let found = HeavyStatement.find(in: [MigrationFile(name: "2.sql", sql: sql)], engine: engine)
            XCTAssertEqual(
                found.map(\.what), tables.map { $0.isEmpty ? "DROP TABLE" : "DROP TABLE \($0)" },
                "\(engine): \(sql)")
        }
    }

    func testBodiesOfTriggersAndRoutinesRunLater() {
        let trigger = """
            CREATE TRIGGER t AFTER INSERT ON a BEGIN
              UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END; DELETE FROM a;
            END;
            DROP TABLE x;
            """
        XCTAssertEqual(notices(trigger, .sqlite).count, 1)
        let routine = """
            CREATE PROCEDURE p() BEGIN IF 1 THEN DELETE FROM a; END IF; DROP TABLE a; END;
            DROP TABLE x;
            """
        XCTAssertEqual(notices(routine, .mysql).count, 1)
        let delimited = """
            DELIMITER //
            CREATE PROCEDURE p() BEGIN DELETE FROM a; DROP TABLE a; END //
            DROP TABLE x //
            DELIMITER ;
            DROP TABLE y;
            """
        XCTAssertEqual(notices(delimited, .mysql).count, 2)
        XCTAssertEqual(
            notices(
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DROP TABLE a'; DROP TABLE x", .postgresql
            )
            .count, 1)
    }

    func testATableThatIsNewHoldsNobodyUp() {
        let first = MigrationFile(name: "2.sql", sql: "CREATE TABLE IF NOT EXISTS public.New (a int);")
        let second = MigrationFile(
            name: "3.sql",
            sql: "CREATE INDEX i ON new (a); UPDATE \"new\" SET a = 1;\nCREATE INDEX j ON old (a)")
        XCTAssertEqual(
            HeavyStatement.find(in: [first, second], engine: .postgresql).map(\.what), ["CREATE INDEX on old"]
        )
        XCTAssertEqual(HeavyStatement.find(in: [second], engine: .postgresql).count, 3)
    }

    func testOnlySoManyAreShown() {
        let sql = String(repeating: "DROP TABLE a;\n", count: 12)
        let found = HeavyStatement.find(in: [MigrationFile(name: "2.sql", sql: sql)], engine: .sqlite)
        let shown = HeavyStatement.notices(found)
        XCTAssertEqual(shown.count, 11)
        XCTAssertEqual(shown.last, "2 more statements of the migrations like these")
    }
}
