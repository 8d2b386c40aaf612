import XCTest

@testable import DeployCore

final class DatabaseChangesTests: XCTestCase {
    private func summary(
        _ tables: [(String, Int64, String)], _ objects: [String: Int] = [:], schema: String = "s"
    ) -> DatabaseSummary {
        DatabaseSummary(
            engine: "sqlite", tables: tables.map { .init(name: $0.0, rows: $0.1, digest: $0.2) },
            objects: objects, schema: schema)
    }

    func testEachKindOfChangeIsSaid() {
        let before = summary(
            [("changed", 2, "a"), ("gone", 1, "b"), ("less", 2, "c"), ("same", 9, "d"), ("void", 0, "")],
            ["indexes": 2, "views": 1])
        let after = summary(
            [("changed", 2, "x"), ("fed", 3, "e"), ("less", 1, "y"), ("new", 0, ""), ("same", 9, "d")],
            ["indexes": 3, "triggers": 1])
        XCTAssertEqual(
            after.changes(since: before),
            [
                "table changed has other content", "table fed added with 3 rows",
                "table gone removed with 1 row",
                "table less 2 → 1 row", "table new added", "table void removed", "indexes 2 → 3",
                "triggers 0 → 1", "views 1 → 0",
            ])
        XCTAssertEqual(before.changes(since: before), [])
    }

    private func column(_ table: String, _ name: String, _ type: String) -> TableColumn {
        TableColumn(table: table, name: name, type: type)
    }

    func testColumnsThatCameWentOrChangedAreNamedWithTheirTypes() {
        let old = [
            column("a", "id", "int"), column("a", "old", "text"), column("a", "n", "int"),
            column("gone", "x", "int"), column(AppliedMigration.table, "name", "text"),
        ]
        let new = [column("a", "n", "bigint"), column("a", "id", "int"), column("a", "new", "date NOT NULL")]
        let changes = ColumnChange.between(old, new)
        XCTAssertEqual(
            changes.map(\.sentence),
            [
                "column a.n int → bigint", "column a.new added (date NOT NULL)",
                "column a.old removed (text)",
                "column gone.x removed (int)",
            ])
        XCTAssertEqual(
            summary([("a", 1, "z")]).changes(
                since: summary([("a", 1, "a"), ("gone", 0, "")]), columns: changes),
            changes.prefix(3).map(\.sentence) + ["table gone removed"], "a table that went is said once")
        XCTAssertEqual(
            summary([("a", 2, "z")]).changes(since: summary([("a", 1, "a")]), columns: changes).first,
            "table a 1 → 2 rows")
    }

    func testASchemaDifferenceNamesATableOnceAndColumnsOfTablesBothHave() {
        let old = [
            column("a", "id", "int"), column("a", "old", "text"), column("gone", "x", "int"),
            column("gone", "y", "int"), column("same", "z", "int"),
        ]
        let new = [
            column("same", "z", "int"), column("new", "x", "int"), column("new", "y", "int"),
            column("a", "id", "bigint"), column("e\u{301}", "x", "int"), column("\u{e9}", "x", "int"),
            column(AppliedMigration.table, "name", "text"),
        ]
        let difference = SchemaDifference(from: old, to: new)
        XCTAssertEqual(difference.addedTables, ["e\u{301}", "new", "\u{e9}"])
        XCTAssertEqual(difference.removedTables, ["gone"])
        XCTAssertEqual(
            difference.columns.map(\.sentence), ["column a.id int → bigint", "column a.old removed (text)"])
        XCTAssertTrue(SchemaDifference(from: new, to: new).isEmpty)
        XCTAssertFalse(difference.isEmpty)
    }

    func testARecordOfMigrationsIsNoChange() {
        let before = summary([("a", 1, "a")])
        let after = summary([("a", 1, "a"), (AppliedMigration.table, 4, "m")])
        XCTAssertEqual(after.changes(since: before), [])
    }

    func testADefinitionThatMovesNoRowIsAChange() {
        XCTAssertEqual(
            summary([("a", 1, "a")], schema: "t").changes(since: summary([("a", 1, "a")])),
            ["definitions changed"])
    }

    func testNamesThatSwiftCallsEqualAreTwoTables() {
        let before = summary([("\u{e9}", 1, "a")])
        let after = summary([("e\u{301}", 1, "a")])
        XCTAssertEqual(after.changes(since: before).count, 2)
    }
}
