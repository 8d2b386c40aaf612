import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class RehearsalTests: XCTestCase {
    private let slow = "CREATE TABLE more (text); WAIT 90"

    func testARehearsalOverItsLimitDeploysNothing() throws {
        let shop = try Shop(next: slow) { $0.migrationLimit = .seconds(89) }
        let before = shop.machine.files.linkTarget(shop.layout.currentInstance)
        let draft = try shop.promotion(of: 30)
        let error = try XCTUnwrap(shop.failure(draft, named: 200))
        XCTAssertEqual(error.code, .gateRefused)
        XCTAssertTrue(error.why.contains("90.0 s had passed after 0002.sql;"), error.why)
        XCTAssertTrue(error.why.contains("is 89s"), error.why)
        XCTAssertTrue(error.next.contains("split the migration"), error.next)
        XCTAssertEqual(shop.machine.files.linkTarget(shop.layout.currentInstance), before)
        XCTAssertEqual(
            try shop.machine.database.appliedMigrations(shop.database).map(\.name), ["0001.sql"])
        let scratch = try XCTUnwrap(shop.layout.database(.rehearsal(Sample.timestamp(201))))
        XCTAssertFalse(try shop.machine.database.exists(scratch), "the scratch database is removed")
        XCTAssertFalse(shop.machine.journal.contains("migrate started"))
        let backUp = try XCTUnwrap(
            try shop.machine.state.steps(of: Sample.timestamp(200)).first { $0.step == BackUp.id })
        XCTAssertEqual(backUp.state, .undone)
        XCTAssertLessThan(
            try XCTUnwrap(backUp.finishedAt).timeIntervalSince(backUp.startedAt), 1, "how long it took itself"
        )
    }

    func testAMigrationThatFailsInTheRehearsalSaysThatTheLiveDatabaseWasNotTouched() throws {
        let shop = try Shop(next: "NONSENSE")
        let error = try XCTUnwrap(shop.failure(try shop.promotion(of: 30), named: 200))
        XCTAssertEqual(error.code, .stepFailed)
        XCTAssertTrue(error.what.hasSuffix(", in the rehearsal"), error.what)
        XCTAssertTrue(error.why.hasSuffix("the live database was not touched"), error.why)
        XCTAssertFalse(shop.machine.journal.contains("migrate started"))
    }

    func testARehearsalWithinItsLimitIsDeployed() throws {
        for limit in [Duration.seconds(90), .seconds(91), nil] {
            let shop = try Shop(next: slow) { $0.migrationLimit = limit }
            XCTAssertNil(try shop.failure(try shop.promotion(of: 30), named: 200))
            let note = try shop.machine.state.steps(of: Sample.timestamp(200))
                .first { $0.step == RehearseMigrations.id }?.note
            XCTAssertEqual(note?.hasPrefix("1 applied in 90.0 s"), true, "\(note ?? "")")
        }
    }

    func testTheResultSaysWhatTheMigrationsChange() throws {
        let sql = "CREATE TABLE more (text); INSERT INTO more VALUES x; INSERT INTO note VALUES y"
        let shop = try Shop(next: sql)
        try shop.run(try shop.promotion(of: 30), named: 200)
        let note = try shop.machine.state.steps(of: Sample.timestamp(200))
            .first { $0.step == RehearseMigrations.id }?.note
        XCTAssertEqual(note, "1 applied in 0.0 s: table more added with 1 row, table note 2 → 3 rows")
    }
}
