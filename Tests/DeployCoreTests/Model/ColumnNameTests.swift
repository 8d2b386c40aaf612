import XCTest

@testable import DeployCore

final class ColumnNameTests: XCTestCase {
    func testNamesAreReadAndWrittenBack() throws {
        let names: [(String, ColumnName)] = [
            ("users.email", ColumnName(table: "users", column: "email")),
            ("crm.users.email", ColumnName(schema: "crm", table: "users", column: "email")),
            ("\"a.b\".email", ColumnName(table: "a.b", column: "email")),
            ("users.\"say \"\"hi\"\"\"", ColumnName(table: "users", column: "say \"hi\"")),
            ("Bestellung.E-Mail für", ColumnName(table: "Bestellung", column: "E-Mail für")),
        ]
        for (text, name) in names {
            XCTAssertEqual(ColumnName(parsing: text), name, text)
            XCTAssertEqual(name.description, text)
        }
    }

    func testWhatNamesNoColumnIsRefused() {
        for text in [
            "", "users", ".email", "users.", "a.b.c.d", "\"users.email", "users.\"\"", "a\"b.c", "\"a\"b.c",
        ] {
            XCTAssertNil(ColumnName(parsing: text), text)
        }
    }
}
