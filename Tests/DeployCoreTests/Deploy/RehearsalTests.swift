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

    /// A large database is loaded as often as it has to be and no oftener.
    func testTheRehearsalGoesOnWithWhatTheProofComparedAndCopiesOnlyWhatChanged() throws {
        let backup = Sample.timestamp(201)
        let shop = try Shop(next: "CREATE TABLE more (text); INSERT INTO more VALUES x")
        try shop.run(try shop.promotion(of: 30), named: 200)
        let (rehearsal, proof) = (
            try XCTUnwrap(shop.layout.database(.rehearsal(backup))),
            try XCTUnwrap(shop.layout.database(.proof(backup)))
        )
        XCTAssertEqual(
            shop.machine.database.log.lines,
            ["restore \(rehearsal.name)", "empty note", "restore \(proof.name)"])
        for scratch in [rehearsal, proof] { XCTAssertFalse(try shop.machine.database.exists(scratch)) }
        XCTAssertEqual(try shop.machine.database.rows(of: "note", in: shop.database).count, 2)
    }

    func testWhereAChecksumIsEnoughTheRehearsalRestores() throws {
        let shop = try Shop(next: "INSERT INTO note VALUES y") { $0.backup.verify = .checksum }
        try shop.run(try shop.promotion(of: 30), named: 200)
        let rehearsal = try XCTUnwrap(shop.layout.database(.rehearsal(Sample.timestamp(201))))
        XCTAssertEqual(shop.machine.database.log.lines.first, "restore \(rehearsal.name)")
        XCTAssertEqual(shop.machine.database.log.lines.dropFirst().first, "empty ", "its rows are others")
    }

    func testATableIsUntouchedWhereItsRowsAndItsDefinitionAre() throws {
        let database = FakeApplicationDatabase(files: MemoryFileStore())
        let (one, other) = (DatabaseLocation("/db/one"), DatabaseLocation("/db/other"))
        for (location, sql) in [(one, "CREATE TABLE b (text)"), (other, "CREATE TABLE c (text)")] {
            try database.create(location)
            try database.write("CREATE TABLE a (text); \(sql); INSERT INTO a VALUES 1", to: location)
        }
        let before = try TableVersions(of: one, in: database)
        let after = try TableVersions(of: other, in: database)
        let old = try database.summarise(one).tables
        let rows = try database.summarise(other).tables
        XCTAssertEqual(after.untouched(since: before, rows, before: old), ["a"])
        try database.write("INSERT INTO a VALUES 2", to: other)
        let more = try database.summarise(other).tables
        XCTAssertEqual(after.untouched(since: before, more, before: old), [])
    }
}
