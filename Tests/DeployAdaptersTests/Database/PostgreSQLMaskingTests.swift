import DeployCore
import DeployTestSupport
import XCTest

/// What a mask leaves is found although the two databases cannot see each other.
final class PostgreSQLMaskingTests: PostgreSQLFixture {
    private let shop = """
        CREATE SCHEMA crm;
        CREATE DOMAIN mail AS text;
        CREATE TABLE users (id int PRIMARY KEY, email mail, name varchar(20), born date);
        INSERT INTO users VALUES (1, 'änn@example.org', 'Ann', '2001-02-03'), (2, 'bob@example.org', '', NULL),
            (3, NULL, 'Ann', '2001-02-04');
        CREATE TABLE crm.audit (note text) PARTITION BY LIST (note);
        CREATE TABLE crm.part PARTITION OF crm.audit DEFAULT;
        INSERT INTO crm.audit VALUES ('änn@example.org'), ('BOB@example.org');
        """
    private let clean =
        "UPDATE users SET email = 'user' || id, name = 'N' || id, born = '1990-01-01'; UPDATE crm.audit SET note = '';"
    private let columns = ["users.email", "users.name", "public.users.born"].compactMap(
        ColumnName.init(parsing:))

    private func compare(_ setup: String, _ mask: String, _ columns: [ColumnName]) throws -> MaskingProof {
        let (original, masked) = (location("original"), location("masked"))
        for one in [original, masked] { try database.remove(one) }
        try database.create(original)
        try sql(setup, in: original)
        try database.copy(original, to: masked)
        try sql(mask, in: masked)
        return try database.survivors(of: columns, original: original, masked: masked)
    }

    func testWhatIsLeftIsNamedWithItsRowsAndNothingElse() throws {
        let proof = try compare(shop, clean, columns)
        XCTAssertEqual(proof.survivors, [])
        XCTAssertEqual(proof.columns.map(\.values), [2, 1, 2])
        XCTAssertEqual(
            try sql("SELECT 1 FROM pg_namespace WHERE nspname = 'deployctl_masking'", in: location("masked")),
            [])
        let left = try compare(
            shop, "UPDATE users SET email = 'x', name = 'N', born = '1990-01-01' WHERE id <> 2;", columns)
        XCTAssertEqual(
            Set(left.survivors.map { "\($0.place) \($0.origin) \($0.rows)" }),
            ["users.email users.email 1", "crm.audit.note users.email 1"])
    }

    func testOddNamesAreReadAsTheyAre() throws {
        let names = [("a b", "c.d"), ("say \"hi\"", "it's"), ("select", "from"), ("größe", "\\d")]
        var (setup, mask) = ("", "")
        for (table, column) in names {
            let quoted = [table, column].map { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\"" }
            setup += "CREATE TABLE \(quoted[0]) (\(quoted[1]) text, copy text);"
            setup += "INSERT INTO \(quoted[0]) VALUES ('value of \(table.count)', 'value of \(table.count)');"
            mask += "UPDATE \(quoted[0]) SET \(quoted[1]) = 'x';"
        }
        let proof = try compare(setup, mask, names.map { ColumnName(table: $0, column: $1) })
        XCTAssertEqual(
            Set(proof.survivors.filter { $0.place.table == $0.origin.table }.map(\.place)),
            Set(names.map { ColumnName(table: $0.0, column: "copy") }))
        XCTAssertEqual(Set(proof.survivors.map(\.place.column)), ["copy"])
    }

    func testAColumnOfTwoSchemasHasToBeNamedWithOne() throws {
        let setup =
            "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.u (x text); CREATE TABLE two.u (x text);"
        expectError(.invalidDefinition, "two schemas") {
            _ = try compare(setup, "", [ColumnName(table: "u", column: "x")])
        }
        let proof = try database.survivors(
            of: [ColumnName(schema: "one", table: "u", column: "x")], original: location("original"),
            masked: location("masked"))
        XCTAssertEqual(proof.columns.map(\.values), [0])
    }

    func testABackupOfAnotherOwnerBelongsToTheOwnUser() throws {
        let theirs = location("theirs")
        try sql("CREATE ROLE \(prefix)_other LOGIN")
        try database.create(theirs)
        try sql(
            "SET ROLE \(prefix)_other; RESET ROLE; CREATE TABLE t (x text); INSERT INTO t VALUES ('a'); ALTER TABLE t OWNER TO \(prefix)_other; GRANT SELECT ON t TO \(prefix)_other;",
            in: theirs)
        let payload = "\(folder)/payload"
        let taken = try database.backUp(theirs, to: payload).summary
        try database.remove(theirs)
        try sql("DROP ROLE \(prefix)_other")
        try database.adopt(payload, to: live)
        XCTAssertEqual(try database.summarise(live).tables, taken.tables)
        XCTAssertEqual(try sql("SELECT tableowner FROM pg_tables WHERE tablename = 't'", in: live), [role])
    }

    func testAFileRunsUnrecordedAndAMasksFailureQuotesNoValue() throws {
        try database.create(live)
        try database.run(
            SQLFile(
                name: "seed.sql",
                sql: "CREATE TABLE a (x text UNIQUE);\nINSERT INTO a VALUES ('ann@example.org')"),
            in: live)
        XCTAssertEqual(try sql("SELECT x FROM a", in: live), ["ann@example.org"])
        XCTAssertEqual(try database.appliedMigrations(live), [])
        let failures = [
            ("INSERT INTO a SELECT * FROM a;", "SQLSTATE 23505"),
            ("SELECT x::int FROM a;", "SQLSTATE 22P02"),
            ("DO $$ BEGIN ASSERT false, (SELECT x FROM a); END $$;", "SQLSTATE P0004"),
            ("UPDATE a SET y = 1;", "SQLSTATE 42703"),
            ("DO $$ BEGIN EXECUTE (SELECT 'UPDATE a SET x = ' || x FROM a); END $$;", "SQLSTATE 42"),
        ]
        for (text, words) in failures {
            do {
                try database.run(SQLFile(name: "mask.sql", sql: text, isDiscreet: true), in: live)
                XCTFail(text)
            } catch {
                XCTAssertTrue(error.why.contains(words), error.why)
                XCTAssertFalse("\(error)".contains("ann@"), "\(error)")
            }
        }
    }
}
