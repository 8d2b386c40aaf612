import DeployTestSupport
import Foundation
import XCTest

/// What a promotion's rehearsal found of columns, as text and for programs.
final class RehearsedColumnsTests: XCTestCase {
    func testAColumnOfSQLiteThatAMigrationAddsIsNamedWithItsType() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try shop.expectRehearsedColumn("TEXT NOT NULL")
    }
}

extension DeployctlFixture {
    private struct Shown: Decodable {
        struct Step: Decodable {
            struct Column: Decodable, Equatable {
                let table: String
                let column: String
                let before: String?
                let after: String?
            }
            let id: String
            let note: String
            let columns: [Column]
        }
        let steps: [Step]
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
