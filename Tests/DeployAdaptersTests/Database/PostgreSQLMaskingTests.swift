import DeployTestSupport
import XCTest

@testable import DeployCore

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

    private var contract: MaskingContract {
        MaskingContract(
            database: database, original: location("original"), masked: location("masked"), quote: "\""
        ) { try self.sql($0, in: $1) }
    }

    func testWhatIsLeftIsNamedWithItsRowsAndNothingElse() throws {
        try contract.checkThatWhatIsLeftIsNamed(
            shop, columns, clean: clean,
            half: "UPDATE users SET email = 'x', name = 'N', born = '1990-01-01' WHERE id <> 2;",
            leaves: ["users.email users.email 1", "crm.audit.note users.email 1"])
        let made = "SELECT 1 FROM pg_namespace WHERE nspname = 'deployctl_masking'"
        XCTAssertEqual(try sql(made, in: location("masked")), [], "nothing made for it stays")
    }

    func testOddNamesAreReadAsTheyAre() throws { try contract.checkOddNames("\\d") }

    func testAColumnOfTwoSchemasHasToBeNamedWithOne() throws {
        let setup =
            "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.u (x text); CREATE TABLE two.u (x text);"
        expectError(.invalidDefinition, "two schemas") {
            _ = try contract.compare(setup, "", [ColumnName(table: "u", column: "x")])
        }
        let proof = try database.survivors(
            of: [ColumnName(schema: "one", table: "u", column: "x")], original: location("original"),
            masked: location("masked"))
        XCTAssertEqual(proof.columns.map(\.values), [0])
    }

    func testABackupOfAnotherOwnerBelongsToTheOwnUser() throws {
        let theirs = location("theirs")
        try sql("CREATE ROLE \(prefix)_other LOGIN; GRANT \(prefix)_other TO \(role)")
        try database.create(theirs)
        try sql(
            "SET ROLE NONE; CREATE TABLE t (x text); INSERT INTO t VALUES ('a'); ALTER TABLE t OWNER TO \(prefix)_other; GRANT SELECT ON t TO \(prefix)_other;",
            in: theirs)
        let payload = "\(folder)/payload.dump.zst"
        let taken = try database.backUp(theirs, to: payload).summary
        try database.remove(theirs)
        try sql("DROP ROLE \(prefix)_other")
        try database.adopt(payload, to: live, atMost: nil)
        XCTAssertEqual(try database.summarise(live).tables, taken.tables)
        XCTAssertEqual(try sql("SELECT tableowner FROM pg_tables WHERE tablename = 't'", in: live), [role])
    }

    func testAFileRunsUnrecordedAndAMasksFailureQuotesNoValue() throws {
        try contract.checkThatAFileIsUnrecordedAndDiscreet([
            ("INSERT INTO a SELECT * FROM a;", ["SQLSTATE 23505"]),
            ("SELECT x::int FROM a;", ["SQLSTATE 22P02"]),
            ("DO $$ BEGIN ASSERT false, (SELECT x FROM a); END $$;", ["SQLSTATE P0004"]),
            ("UPDATE a SET y = 1;", ["SQLSTATE 42703"]),
            ("DO $$ BEGIN EXECUTE (SELECT 'UPDATE a SET x = ' || x FROM a); END $$;", ["SQLSTATE 42"]),
        ])
    }
}
