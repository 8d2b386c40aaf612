import DeployCore
import DeployTestSupport
import XCTest

/// What a mask leaves is found by the server, whatever character set it stands in.
final class MySQLMaskingTests: MySQLFixture {
    private let shop = """
        CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100) CHARACTER SET latin1, name TEXT, born DATE) ENGINE = InnoDB;
        INSERT INTO users VALUES (1, 'änn@example.org', 'Ann', '2001-02-03'), (2, 'bob@example.org', '', NULL),
            (3, NULL, 'Ann', '2001-02-04');
        CREATE TABLE audit (note LONGTEXT CHARACTER SET utf8mb4, raw VARBINARY(50)) ENGINE = InnoDB;
        INSERT INTO audit VALUES ('änn@example.org', 'bob@example.org'), ('BOB@example.org', NULL);
        """
    private let clean = """
        UPDATE users SET email = CONCAT('user', id), name = CONCAT('N', id), born = '1990-01-01'; UPDATE audit SET note = '';
        """
    private let columns = ["users.email", "users.name", "users.born"].compactMap(ColumnName.init(parsing:))

    private func compare(_ setup: String, _ mask: String, _ columns: [ColumnName]) throws -> MaskingProof {
        let (original, masked) = (sibling("_original"), sibling("_masked"))
        for database in [original, masked] { try engine.remove(database) }
        try engine.create(original)
        try run(setup, in: original)
        try engine.copy(original, to: masked)
        try run(mask, in: masked)
        return try engine.survivors(of: columns, original: original, masked: masked)
    }

    func testWhatIsLeftIsNamedWithItsRowsAndNothingElse() throws {
        let proof = try compare(shop, clean, columns)
        XCTAssertEqual(proof.survivors, [])
        XCTAssertEqual(proof.columns.map(\.values), [2, 1, 2])
        let left = try compare(
            shop, "UPDATE users SET email = 'x', name = 'N', born = '1990-01-01' WHERE id <> 2;", columns)
        XCTAssertEqual(
            Set(left.survivors.map { "\($0.place) \($0.origin) \($0.rows)" }),
            ["users.email users.email 1", "audit.note users.email 1"])
    }

    func testOddNamesAreReadAsTheyAre() throws {
        let names = [("a b", "c.d"), ("say `hi`", "it's"), ("select", "from"), ("größe", "naïve")]
        var (setup, mask) = ("", "")
        for (table, column) in names {
            let quoted = [table, column].map { "`\($0.replacingOccurrences(of: "`", with: "``"))`" }
            setup += "CREATE TABLE \(quoted[0]) (\(quoted[1]) TEXT, copy TEXT);"
            setup += "INSERT INTO \(quoted[0]) VALUES ('value of \(table.count)', 'value of \(table.count)');"
            mask += "UPDATE \(quoted[0]) SET \(quoted[1]) = 'x';"
        }
        let proof = try compare(setup, mask, names.map { ColumnName(table: $0, column: $1) })
        XCTAssertEqual(
            Set(proof.survivors.filter { $0.place.table == $0.origin.table }.map(\.place)),
            Set(names.map { ColumnName(table: $0.0, column: "copy") }))
        XCTAssertEqual(Set(proof.survivors.map(\.place.column)), ["copy"])
    }

    func testWhatAnotherAccountDefinedIsDefinedAnewForTheOwnUser() throws {
        let theirs = sibling("_theirs")
        try engine.create(theirs)
        try run(
            """
            CREATE USER '\(stem)'@'%'; GRANT ALL ON `\(theirs.name)`.* TO '\(stem)'@'%';
            CREATE TABLE t (x VARCHAR(50), y INT); INSERT INTO t VALUES ('a', 0);
            CREATE DEFINER = '\(stem)'@'%' TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.y = 'DEFINER=`no`@`no`' <> '';
            CREATE DEFINER = '\(stem)'@'%' VIEW v AS SELECT x FROM t;
            CREATE DEFINER = '\(stem)'@'%' PROCEDURE p() SELECT x FROM t;
            CREATE DEFINER = '\(stem)'@'%' EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1;
            """, in: theirs)
        let payload = "\(folder)/payload"
        let taken = try engine.backUp(theirs, to: payload).summary
        try engine.remove(theirs)
        try run("DROP USER '\(stem)'@'%';")
        try engine.adopt(payload, to: live)
        let summary = try engine.summarise(live)
        XCTAssertEqual(summary.tables, taken.tables)
        XCTAssertEqual(summary.objects, taken.objects)
        try run("UPDATE t SET x = 'b'; CALL p();", in: live)
        XCTAssertEqual(try run("SELECT v.x, t.y FROM v, t;", in: live), ["b\t1"])
    }

    func testAnUnknownColumnIsRefused() throws {
        expectError(.invalidDefinition, "unknown") {
            _ = try compare(shop, clean, [ColumnName(table: "users", column: "emial")])
        }
    }

    func testAFileRunsUnrecordedAndAMasksFailureQuotesNoValue() throws {
        try engine.create(live)
        try engine.run(
            SQLFile(
                name: "seed.sql",
                sql: "CREATE TABLE a (x VARCHAR(50) UNIQUE);\nINSERT INTO a VALUES ('ann@example.org')"),
            in: live)
        XCTAssertEqual(try run("SELECT x FROM a;", in: live), ["ann@example.org"])
        XCTAssertEqual(try engine.appliedMigrations(live), [])
        let failures = [
            ("\nINSERT INTO a SELECT * FROM a;", ["ERROR 1062", "line 2"]),
            ("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ann@example.org';", ["ERROR 1644", "line 1"]),
            ("UPDATE a SET y = 1;", ["ERROR 1054", "line 1"]),
        ]
        for (sql, words) in failures {
            do {
                try engine.run(SQLFile(name: "mask.sql", sql: sql, isDiscreet: true), in: live)
                XCTFail(sql)
            } catch {
                for word in words { XCTAssertTrue(error.why.contains(word), "\(error.why) lacks \(word)") }
                XCTAssertFalse("\(error)".contains("ann@"), "\(error)")
            }
        }
    }
}
