import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class PostgreSQLRestoreTests: PostgreSQLFixture {
    private func payload(_ name: String = "payload") -> String { "\(folder)/\(name).dump.zst" }

    /// T13: each schema comes back as it was.
    func testGeneratedSchemasAreRestoredRowForRow_T13() throws {
        // Each takes seconds: a developer's run takes a sample.
        let count = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 50 : 8
        for number in 0..<count {
            try database.create(live)
            try sql(PostgreSQLSamples.schema(number, role: role), in: live)
            let taken = try database.backUp(live, to: payload()).summary
            XCTAssertEqual(try database.summarise(live), taken, "schema \(number)")
            try database.restore(payload(), to: location("copy"))
            let differences = try database.summarise(location("copy")).differences(from: taken)
            XCTAssertEqual(differences, [], "schema \(number)")
            try database.remove(live)
            try database.remove(location("copy"))
            try FileManager.default.removeItem(atPath: payload())
        }
    }

    /// T14, I13: one error is a failure, and leaves no database.
    func testARestoreThatFailsInPartLeavesNothing_T14() throws {
        try database.create(live)
        try sql(
            "CREATE TABLE a (n int); SET ROLE NONE; CREATE ROLE \"\(prefix)_gone\"; CREATE TABLE b (n int); ALTER TABLE b OWNER TO \"\(prefix)_gone\"; GRANT \"\(prefix)_gone\" TO \"\(role)\"",
            in: live)
        _ = try database.backUp(live, to: payload())
        try sql("SET ROLE NONE; DROP TABLE b; DROP ROLE \"\(prefix)_gone\"", in: live)
        XCTAssertThrowsError(try database.restore(payload(), to: location("copy"))) { error in
            XCTAssertTrue((error as? DeployError)?.why.contains("_gone") == true, "\(error)")
        }
        XCTAssertFalse(try database.exists(location("copy")))
    }

    func testAnExistingDatabaseIsNotRestoredInto_I12() throws {
        try database.create(live)
        try sql("CREATE TABLE a (n int)", in: live)
        _ = try database.backUp(live, to: payload())
        XCTAssertThrowsError(try database.restore(payload(), to: live))
        XCTAssertEqual(try database.summarise(live).tables.count, 1)
    }

    /// The application goes on with what it may do, and with its encoding and collation.
    func testOwnersRightsAndCollationComeBack() throws {
        try sql(
            "CREATE DATABASE \"\(live.name)\" TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' OWNER \"\(role)\""
        )
        try sql(
            "CREATE TABLE a (n int); REVOKE DELETE ON a FROM \"\(role)\"; CREATE TABLE b (t text); INSERT INTO b VALUES ('é')",
            in: live)
        let taken = try database.backUp(live, to: payload()).summary
        try database.remove(live)
        try database.restore(payload(), to: live)
        XCTAssertEqual(try database.summarise(live), taken)
        try sql(
            "SET ROLE \"\(role)\"; SELECT * FROM a; INSERT INTO b VALUES ('ü'); CREATE TABLE c (n int)",
            in: live)
        XCTAssertEqual(
            try sql(
                "SELECT pg_encoding_to_char(encoding), datcollate, datdba::regrole FROM pg_database WHERE datname = '\(live.name)'"
            ),
            ["LATIN1|C|\(role)"])
    }
}
