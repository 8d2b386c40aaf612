import DeployTestSupport
import XCTest

@testable import DeployCore

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

    private var contract: MaskingContract {
        MaskingContract(
            database: engine, original: sibling("_original"), masked: sibling("_masked"), quote: "`"
        ) { try self.run($0, in: $1) }
    }

    func testWhatIsLeftIsNamedWithItsRowsAndNothingElse() throws {
        try contract.checkThatWhatIsLeftIsNamed(
            shop, columns, clean: clean,
            half: "UPDATE users SET email = 'x', name = 'N', born = '1990-01-01' WHERE id <> 2;",
            leaves: ["users.email users.email 1", "audit.note users.email 1"])
    }

    func testOddNamesAreReadAsTheyAre() throws { try contract.checkOddNames("naïve") }

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
        try engine.adopt(payload, to: live, atMost: nil)
        let summary = try engine.summarise(live)
        XCTAssertEqual(summary.tables, taken.tables)
        XCTAssertEqual(summary.objects, taken.objects)
        try run("UPDATE t SET x = 'b'; CALL p();", in: live)
        XCTAssertEqual(try run("SELECT v.x, t.y FROM v, t;", in: live), ["b\t1"])
    }

    func testAFileRunsUnrecordedAndAMasksFailureQuotesNoValue() throws {
        try contract.checkThatAFileIsUnrecordedAndDiscreet([
            ("\nINSERT INTO a SELECT * FROM a;", ["ERROR 1062", "line 2"]),
            (
                "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ann@example.org';",
                ["ERROR 1644", "line 1"]
            ),
            ("UPDATE a SET y = 1;", ["ERROR 1054", "line 1"]),
        ])
    }
}
