import DeployTestSupport
import Foundation
import XCTest

/// What a promotion does to columns: in its plan before anybody confirms, and as its rehearsal found it.
final class RehearsedColumnsTests: XCTestCase {
    func testAColumnOfSQLiteThatAMigrationAddsIsNamedWithItsType() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases { try shop.expectPlannedColumn("VARCHAR(20) NOT NULL") }
        try shop.expectRehearsedColumn("VARCHAR(20) NOT NULL")
    }

    func testThePlanShowsTablesAndColumnsAndWhatSomebodyChangedByHand() throws {
        let shop = try DeployctlFixture(for: self)
        let older = try shop.deployTwoReleases()
        XCTAssertEqual(try shop.plan("diff").schema, .init(), "nothing differs")
        let change = """
            CREATE TABLE \"two\nlines\" (a); ALTER TABLE item DROP COLUMN colour; ALTER TABLE item ADD COLUMN size INT;
            """
        try shop.commit(version: "three", migration: ("V0003_size", change.replacing("\\\"", with: "\"")))
        try shop.run("staging").expect(0)
        let live = "\(shop.project)/.deployctl/production/shared/data/app.db"
        try shop.runProgram(["sqlite3", live, "CREATE TABLE by_hand (a)"]).expect(0)
        let wanted = Planned.Schema(
            tablesAdded: ["two\nlines"], tablesRemoved: ["by_hand"],
            columns: [
                .init(table: "item", column: "colour", before: "VARCHAR(20) NOT NULL", after: nil),
                .init(table: "item", column: "size", before: nil, after: "INT"),
            ])
        XCTAssertEqual(try shop.plan("plan", "production").schema, wanted)
        XCTAssertEqual(try shop.plan("diff").schema, wanted)
        let other = try shop.run("plan", "production", "--release", older, "--json").expect(12)
        XCTAssertNil(try other.json(Planned.self).schema, "staging runs another release")
        let text = try shop.run("plan", "production").expect(0).output
        for line in [
            "Schema, from what is live to what was proved", "  - table by_hand",
            "  - column item.colour VARCHAR(20) NOT NULL",
            "  + column item.size INT",
        ] {
            XCTAssertTrue(text.contains("\(line)\n"), text)
        }
        XCTAssertFalse(text.contains("two\nlines"), "a name's line break is shown, not made")
    }
}

private struct Planned: Decodable {
    struct Schema: Decodable, Equatable {
        var tablesAdded: [String] = []
        var tablesRemoved: [String] = []
        var columns: [RehearsedColumn] = []
    }
    let schema: Schema?
}

private struct RehearsedColumn: Decodable, Equatable {
    let table: String
    let column: String
    let before: String?
    let after: String?
}

extension DeployctlFixture {
    private struct Shown: Decodable {
        struct Step: Decodable {
            let id: String
            let note: String
            let columns: [RehearsedColumn]
        }
        let steps: [Step]
    }

    fileprivate func plan(_ words: String...) throws -> Planned {
        try run(words + ["--json"]).expect(0).json(Planned.self)
    }

    /// The next promotion adds the column `colour` to `item`.
    func expectPlannedColumn(_ type: String) throws {
        XCTAssertEqual(
            try plan("plan", "production").schema,
            .init(columns: [.init(table: "item", column: "colour", before: nil, after: type)]))
        let text = try run("plan", "production").expect(0).output
        XCTAssertTrue(text.contains("\n  + column item.colour \(type)\n"), text)
    }

    /// The last promotion added the column `colour` to `item`.
    func expectRehearsedColumn(_ type: String) throws {
        let latest = try history("production").first ?? ""
        let shown = try run("show", latest, "--json").expect(0).json(Shown.self)
        let step = try XCTUnwrap(shown.steps.first { $0.id == "rehearse-migrations" })
        XCTAssertEqual(
            step.columns, [.init(table: "item", column: "colour", before: nil, after: type)], step.note)
        XCTAssertTrue(step.note.contains("column item.colour added (\(type))"), step.note)
        XCTAssertFalse(step.note.contains("has other content"), step.note)
    }
}
