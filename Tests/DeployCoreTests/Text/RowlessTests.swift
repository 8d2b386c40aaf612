import XCTest

@testable import DeployCore

/// What other programs print is repeated without rows of a database, and never without a bound.
final class RowlessTests: XCTestCase {
    func testRowsOfADatabaseAreNotRepeated() {
        for (said, repeated) in Self.complaints {
            XCTAssertEqual(
                CommandResult(.exited(1), errors: said).explanation, "ended with 1: \(repeated)", said)
        }
    }

    func testOtherWordsAreRepeatedAsTheyAre() {
        let texts = [
            "ERROR 1146 (42S02) at line 7: Table 'shop.orders' doesn't exist",
            "psql: error: connection to server at \"db\" (127.0.0.1), port 5432 failed: FATAL:  role \"x\" does not exist",
            "ERROR:  syntax error at or near \"TABEL\" at character 8",
            "KeyError: 'name'\nerror: Cannot find module: \"left-pad\"",
            "CONTEXT:  PL/pgSQL function inline_code_block line 3 at EXECUTE",
        ]
        for text in texts { XCTAssertEqual(Rowless.text(text), text) }
    }

    func testALongComplaintIsRepeatedByItsBeginningAndItsEnd() {
        let long = "first\n" + String(repeating: "x", count: 1 << 20) + "\nlast"
        XCTAssertEqual(
            CommandResult(.exited(1), errors: long).explanation,
            "ended with 1: first\n[1048577 bytes left out]\nlast")
        XCTAssertLessThan(
            DeployError(.stepFailed, what: "It fails", why: long, next: "deployctl doctor").why.utf8.count,
            100)
    }

    func testOfOneLongLineOnlyTheBeginningIsRepeated() {
        let why = CommandResult(.exited(1), errors: String(repeating: "x", count: 1 << 20)).explanation
        XCTAssertEqual(why, "ended with 1: \(String(repeating: "x", count: 4_096))\n[1044480 bytes left out]")
    }

    private static let complaints: [(String, String)] = [
        (
            "--------------\nINSERT INTO `c` VALUES\n(1,'ann@x'),\n--------------\n(2,'bob@x')\n--------------\n\nERROR 1153 (08S01) at line 40: Got a packet bigger than 'max_allowed_packet' bytes",
            "…\nERROR 1153 (08S01) at line 40: Got a packet bigger than 'max_allowed_packet' bytes"
        ),
        (
            "ERROR 1062 (23000) at line 3: Duplicate entry 'ann's@x' for key 'users.email'",
            "ERROR 1062 (23000) at line 3: Duplicate entry '…' for key 'users.email'"
        ),
        (
            "IntegrityError: (1062, \"Duplicate entry 'ann\nlee' for key 'email'\")",
            "IntegrityError: (1062, \"Duplicate entry '…' for key 'email'\")"
        ),
        (
            "ERROR 1064 (42000) at line 2: You have an error near ''ann@x',\n  'bob')' at line 1",
            "ERROR 1064 (42000) at line 2: You have an error near '…' at line 1"
        ),
        (
            "ERROR 1366 (22007) at line 1: Incorrect integer value: 'ann' for column `s`.`t`.`age` at row 1",
            "ERROR 1366 (22007) at line 1: Incorrect integer value: '…' for column `s`.`t`.`age` at row 1"
        ),
        (
            "ERROR:  duplicate key value violates unique constraint \"u_email\"\nDETAIL:  Key (email, name)=(ann@x, (ann)) already exists.",
            "ERROR:  duplicate key value violates unique constraint \"u_email\"\nDETAIL:  Key (email, name)=(…) already exists."
        ),
        (
            "DETAIL:  Key (name)=(ann\nlee) is not present in table \"users\".",
            "DETAIL:  Key (name)=(…) is not present in table \"users\"."
        ),
        (
            "ERROR:  null value in column \"n\"\nDETAIL:  Failing row contains (1, ann@x, a\nb, null).",
            "ERROR:  null value in column \"n\"\nDETAIL:  Failing row contains (…)."
        ),
        (
            "pg_restore: error: COPY failed for table \"u\": ERROR:  invalid input syntax for type integer: \"ann\"\nCONTEXT:  COPY u, line 3, column age: \"ann\"",
            "pg_restore: error: COPY failed for table \"u\": ERROR:  invalid input syntax for type integer: \"…\"\nCONTEXT:  COPY u, line 3, column age: …"
        ),
        (
            "pg_restore: error: could not execute query: ERROR:  no\nCommand was: INSERT INTO u\n VALUES ('ann');\npg_restore: warning: errors ignored: 1",
            "pg_restore: error: could not execute query: ERROR:  no\nCommand was: …\npg_restore: warning: errors ignored: 1"
        ),
        (
            "ERROR:  value \"99999999999\" is out of range for type integer\nLINE 1: INSERT INTO u VALUES ('ann')\n                              ^",
            "ERROR:  value \"…\" is out of range for type integer\nLINE 1: …"
        ),
        (
            "ERROR:  no\nCONTEXT:  SQL statement \"INSERT INTO u VALUES ('ann')\"\nPL/pgSQL function f() line 3",
            "ERROR:  no\nCONTEXT:  SQL statement \"…\"\nPL/pgSQL function f() line 3"
        ),
        (
            "error: insert into \"u\" (\"email\") values ('ann@x') - duplicate key value violates unique constraint \"u_email\"",
            "error: insert into \"u\" (\"email\") values (…) - duplicate key value violates unique constraint \"u_email\""
        ),
        (
            "SQLSTATE[23000]: no (SQL: update `u` set `n` = ann)\n[parameters: {'email': 'ann@x'}]",
            "SQLSTATE[23000]: no (SQL: …\n[parameters: …"
        ),
    ]
}
