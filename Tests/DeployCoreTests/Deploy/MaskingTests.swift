import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What becomes of a deployment whose mask fails or leaves something.
final class MaskingTests: XCTestCase {
    private func shop(mask: String) throws -> (Shop, PlanDraft) {
        let shop = try Shop(mask: mask) { environment in
            environment.database = Environment.Database(engine: .mysql, fresh: true)
            environment.database?.name = "/srv/server/shop"
            environment.database?.user = "shop"
        }
        try shop.run(PlanDraft(kind: .backup, facts: try shop.facts(), goal: .backUp), named: 150)
        return (shop, try shop.maskedPromotion())
    }

    private func databases(_ shop: Shop) -> [String] {
        shop.machine.files.listing.filter { $0.contains("/srv/server/shop") }
    }

    func testMaskedDataServesAndNothingOfTheWayStays() throws {
        let (shop, draft) = try shop(mask: "DELETE FROM note; INSERT INTO note VALUES nobody")
        try shop.run(draft, named: 200)
        XCTAssertEqual(try shop.machine.database.rows(of: "note", in: shop.database), ["nobody"])
        XCTAssertEqual(databases(shop), ["/srv/server/shop"])
        let notes = try shop.machine.state.steps(of: Sample.timestamp(200)).map(\.note)
        XCTAssertTrue(notes.contains("2 values of note.text are gone"), "\(notes)")
    }

    func testASurvivorIsNamedByItsPlaceOnlyAndTheOldDataServesOn() throws {
        let (shop, draft) = try shop(mask: "CREATE TABLE audit (text); INSERT INTO audit VALUES written")
        let error = try XCTUnwrap(shop.failure(draft, named: 200))
        XCTAssertEqual(error.code, .stepFailed)
        XCTAssertTrue(error.why.contains("audit.text holds 1 row with a value of note.text"), error.why)
        XCTAssertTrue(
            error.why.contains("note.text still holds 2 rows with a value that stood in it before"), error.why
        )
        XCTAssertFalse("\(error)".contains("written"), "\(error)")
        XCTAssertEqual(databases(shop), ["/srv/server/shop"])
        XCTAssertEqual(try shop.machine.database.rows(of: "note", in: shop.database), ["one", "written"])
    }

    func testAMaskThatFailsInTheMiddleLeavesNothing() throws {
        let (shop, draft) = try shop(mask: "DELETE FROM note; NONSENSE")
        XCTAssertEqual(try shop.failure(draft, named: 200)?.code, .stepFailed)
        XCTAssertEqual(databases(shop), ["/srv/server/shop"])
        XCTAssertEqual(try shop.machine.database.rows(of: "note", in: shop.database), ["one", "written"])
    }

    func testABackupThatWasChangedIsNotRestored() throws {
        let (shop, draft) = try shop(mask: "DELETE FROM note")
        var other = draft
        other.facts.source?.digest = "another"
        XCTAssertEqual(try shop.failure(other, named: 200)?.code, .backupFailed)
        XCTAssertEqual(databases(shop), ["/srv/server/shop"])
    }

    func testWhatADatabaseSaysIsRepeatedUpToItsFirstValue() {
        XCTAssertEqual(
            Discreet.reason(
                "ended with status 1\nERROR 1062 (23000) at line 3: Duplicate entry 'ann@x' for key 'e'"),
            "ended with status 1\nERROR 1062 (23000) at line 3: Duplicate entry …")
        XCTAssertEqual(
            Discreet.reason(
                "pg_restore: error: no\nCONTEXT:  COPY users, line 1\nann@x\nDETAIL:  Key (e)=(ann)"),
            "pg_restore: error: no")
        XCTAssertEqual(Discreet.reason("refused. DETAIL: Key (e)=(ann)"), "refused. …")
        XCTAssertEqual(Discreet.reason("table a is missing"), "table a is missing")
    }
}
