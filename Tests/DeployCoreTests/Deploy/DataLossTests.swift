import XCTest

@testable import DeployCore

final class DataLossTests: XCTestCase {
    private func summary(_ tables: (String, Int64, String)...) -> DatabaseSummary {
        DatabaseSummary(
            engine: "e", tables: tables.map { .init(name: $0.0, rows: $0.1, digest: $0.2) }, objects: [:],
            schema: "s")
    }

    func testWhatGoingBackWouldLoseIsSaidTableByTable() {
        let then = summary(("order", 5, "a"), ("user", 3, "b"), ("same", 1, "c"), ("edited", 2, "d"))
        let now = summary(
            ("order", 9, "x"), ("user", 1, "y"), ("same", 1, "c"), ("edited", 2, "z"), ("new", 4, "q"))
        XCTAssertEqual(
            DataLoss.sentences(now: now, then: then),
            [
                "lost, written since: order +4 rows, edited (rows changed), new (new table, 4 rows)",
                "replaced, and what was written to it since is lost: user 1 → 3 rows",
            ])
    }

    func testWhatComesBackIsNotCalledLost() {
        let then = summary(("gone", 5, "a"), ("order", 2, "b"), ("sequence order_id", 1, "c"))
        let now = summary(("order", 3, "x"), ("sequence order_id", 1, "y"))
        XCTAssertEqual(
            DataLoss.sentences(now: now, then: then),
            [
                "lost, written since: order +1 row, sequence order_id (moved on)",
                "restored, removed since: gone (table, 5 rows)",
            ])
    }

    func testAMigrationMayHaveChangedColumnsAlone() {
        let (then, now) = (summary(("order", 2, "b")), summary(("order", 2, "x")))
        XCTAssertEqual(
            DataLoss.sentences(now: now, then: then, migrated: true),
            ["lost, written since: order (rows or columns changed)"])
    }

    func testTablesThatLoseRowsAreNamedWhateverTheirNumber() {
        let then = summary(("order", 5, "a"), ("same", 1, "c"), ("edited", 2, "d"))
        let now = summary(
            ("order", 9, "x"), ("same", 1, "c"), ("edited", 2, "z"), ("new", 4, "q"), ("empty", 0, ""),
            (AppliedMigration.table, 3, "m"))
        XCTAssertEqual(DataLoss.tables(now: now, then: then), ["order", "edited", "new"])
        XCTAssertEqual(DataLoss.tables(now: then, then: then), [])
    }

    func testWhatIsLostBeyondWhatWasShownIsSaidByName() {
        let shown = RollbackLoss(tables: ["a"], folders: ["uploads"])
        let now = RollbackLoss(tables: ["a", "b"], folders: ["uploads", "media"], migrations: ["2.sql"])
        XCTAssertEqual(now.beyond(shown), "table b, folder media, migration 2.sql")
        XCTAssertEqual(shown.beyond(now), "")
    }

    func testEqualDataSaysSo() {
        let one = summary(("order", 5, "a"))
        XCTAssertEqual(DataLoss.sentences(now: one, then: one), ["nothing was written since"])
    }
}

final class DatabaseSummaryTests: XCTestCase {
    private let one = DatabaseSummary(
        engine: "e",
        tables: [.init(name: "a", rows: 1, digest: "x"), .init(name: "b", rows: 2, digest: "y")],
        objects: ["view": 1], schema: "s")

    private func changed(_ change: (inout DatabaseSummary) -> Void) -> [String] {
        var other = one
        change(&other)
        return other.differences(from: one)
    }

    func testEqualSummariesHaveNoDifferences() {
        XCTAssertEqual(one.differences(from: one), [])
        XCTAssertEqual(changed { $0.engine = "another version" }, [], "the engine's version is no content")
    }

    func testEachDifferenceIsSaidInWords() {
        XCTAssertEqual(changed { $0.tables[0].rows = 7 }, ["table a has 7 rows instead of 1"])
        XCTAssertEqual(changed { $0.tables[1].digest = "z" }, ["table b has other content"])
        XCTAssertEqual(changed { $0.tables.removeLast() }, ["table b is missing"])
        XCTAssertEqual(
            changed { $0.tables.append(.init(name: "c", rows: 0, digest: "")) }, ["table c is not expected"])
        XCTAssertEqual(
            changed { $0.objects["view"] = nil }, ["indexes, views, triggers or routines differ in number"])
        XCTAssertEqual(changed { $0.schema = "t" }, ["the schema differs"])
        XCTAssertEqual(
            changed {
                $0.tables[0].digest = "q"
                $0.tables[1].rows = 0
            }, ["table a has other content", "table b has 0 rows instead of 2"])
    }

    func testATableNamedTwiceIsADifferenceAndNoCrash() {
        XCTAssertEqual(changed { $0.tables.append($0.tables[0]) }, ["a table is named twice"])
    }

    func testNamesThatOnlyLookEqualAreTwoTables() {
        var summary = one
        summary.tables = [
            .init(name: "\u{e9}", rows: 1, digest: "x"), .init(name: "e\u{301}", rows: 2, digest: "y"),
        ]
        XCTAssertEqual(summary.differences(from: summary), [])
        var other = summary
        other.tables[1].rows = 3
        XCTAssertEqual(other.differences(from: summary).count, 1)
    }
}
