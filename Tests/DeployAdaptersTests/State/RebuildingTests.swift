import DeployTestSupport
import Foundation
import StateSchema
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// What a rebuilding takes from the safe copy and what from records beside it.
final class RebuildingTests: XCTestCase {
    private var folder = ""
    private var shop = LostShop(in: "")

    override func setUpWithError() throws {
        folder = try makeTestFolder()
        shop = LostShop(in: folder)
    }

    func testACopyThatIsOlderThanARunGetsItWithItsSteps() throws {
        try shop.run(100)
        try shop.keepCopy()
        try shop.run(200, release: 2)
        try shop.lose(keepingCopy: true)
        let result = try shop.rebuild()
        XCTAssertEqual(result.state.source, .copy)
        XCTAssertEqual(result.state.runs, [Sample.timestamp(200)])
        XCTAssertEqual(try shop.state.steps(of: Sample.timestamp(200)).count, 1)
        XCTAssertEqual(try shop.moved(), [Sample.timestamp(2), Sample.timestamp(1)])
        XCTAssertEqual(try shop.doubts(), [:], "every run left its record")
    }

    func testARunThatEndedAfterTheCopyHasEnded() throws {
        try shop.run(100) { try shop.keepCopy() }
        try shop.lose(keepingCopy: true)
        XCTAssertNotNil(try shop.state.unfinished(in: "staging"), "as the copy has it")
        XCTAssertEqual(try shop.rebuild().state.runs, [Sample.timestamp(100)])
        XCTAssertNil(try shop.state.unfinished(in: "staging"))
        XCTAssertEqual(try shop.state.deployment(Sample.timestamp(100))?.outcome, .succeeded)
        XCTAssertEqual(try shop.state.steps(of: Sample.timestamp(100)).count, 1)
    }

    func testADoubtOutlivesASecondRebuildingWithAndWithoutACopy() throws {
        for keepsCopy in [true, false] {
            try setUpWithError()
            try shop.run(100)
            let veto = shop.deployer()
            try veto.audit.record(veto.audit.entry(.veto))
            try shop.lose()
            try shop.rebuild()
            XCTAssertEqual(Array(try shop.doubts().keys), ["staging"], "a veto may be lost")
            // Its record has come as far as audit.log has.
            try shop.run(200, "production", .backup)
            if keepsCopy { try shop.keepCopy() }
            try shop.lose(keepingCopy: keepsCopy)
            try shop.rebuild()
            XCTAssertNotNil(try shop.doubts()["staging"], "copy: \(keepsCopy)")
            try shop.run(300, release: 3)
            XCTAssertNil(try shop.doubts()["staging"], "staging proved another release")
            try shop.lose()
            try shop.rebuild()
            XCTAssertNil(try shop.doubts()["staging"], "and its record bears that out")
        }
    }

    func testADoubtOfTheCopyIsNeverReplacedByNone() throws {
        try shop.run(100)
        var remains = StateRemains()
        remains.doubts = ["staging": "why", "production": nil]
        try shop.lose()
        _ = try shop.state.restore(with: remains)
        try shop.keepCopy()
        try shop.lose(keepingCopy: true)
        remains.doubts = ["staging": nil, "production": nil]
        _ = try shop.state.restore(with: remains)
        XCTAssertEqual(try shop.doubts(), ["staging": "why"])
    }

    func testADoubtIsLiftedByALaterRunWhateverTheClockSays() throws {
        try shop.run(100, at: Sample.timestamp(9_000_000).date)
        let deployer = shop.deployer()
        try deployer.audit.record(deployer.audit.entry(.veto))
        try shop.lose()
        shop.machine.clock.move(by: .seconds(-1_000_000))
        try shop.rebuild()
        XCTAssertNotNil(try shop.doubts()["staging"], "a run of the future began before")
        try shop.run(200, release: 2, at: Sample.timestamp(1).date)
        XCTAssertNil(try shop.doubts()["staging"], "a run under a clock that went back began after")
    }

    func testACopyWithAllThatTheAuditLogTellsOfIsNotDoubted() throws {
        try shop.run(100)
        let deployer = shop.deployer()
        let audit = deployer.audit
        try audit.around(audit.entry(.exec, in: "staging")) { () throws(DeployError) in }
        try shop.keepCopy()
        try shop.lose(keepingCopy: true)
        try shop.rebuild()
        XCTAssertEqual(try shop.doubts(), [:])
        let other = shop.deployer().audit
        try shop.keepCopy()
        try other.around(other.entry(.veto)) { () throws(DeployError) in }
        try shop.lose(keepingCopy: true)
        try shop.rebuild()
        XCTAssertNotNil(try shop.doubts()["staging"], "the copy does not know the veto")
    }

    func testACopyOfAnEarlierSchemaLeavesNothingHalfMade() throws {
        try shop.run(100)
        try shop.keepCopy()
        try shop.lose(keepingCopy: true)
        let schema = StateSchema.migrations.prefix(12).map { String(decoding: $0, as: UTF8.self) }
        let copy = "\(shop.path).copy"
        try FileManager.default.removeItem(atPath: copy)
        do {
            let connection = try SQLiteConnection(path: copy, access: .create)
            for text in schema + ["PRAGMA user_version = 12"] { try connection.execute(text) }
        }
        XCTAssertEqual(try shop.rebuild().state.source, .copy)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        XCTAssertEqual(
            left.filter { !$0.hasSuffix("-journal") }.sorted(), ["state.db", "state.db.copy", "state.db.v12"])
        XCTAssertEqual(try shop.moved(), [Sample.timestamp(1)])
    }

    func testACopyOfANewerVersionIsLeftToIt() throws {
        try shop.run(100)
        try shop.keepCopy()
        try shop.lose(keepingCopy: true)
        let copy = "\(shop.path).copy"
        try SQLiteConnection(path: copy, access: .readWrite).execute("PRAGMA user_version = 99")
        let before = try Data(contentsOf: URL(fileURLWithPath: copy))
        expectError(.needsPerson, "a newer copy") { try shop.rebuild() }
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: copy)), before)
        XCTAssertFalse(FileManager.default.fileExists(atPath: shop.path))
    }

    func testAVetoThatWasGivenAgainStands() throws {
        let release = Sample.timestamp(1)
        func veto(_ second: Int) throws {
            let state = shop.state
            let veto = Veto(
                release: release, performer: "ada", reason: "bad", since: Sample.timestamp(second).date)
            try state.record(veto, by: nil)
        }
        try veto(1)
        try shop.state.clearVetoes(of: release, by: "ada", reason: "good", at: Sample.timestamp(2).date)
        try shop.keepCopy()
        try veto(3)
        try shop.run(100)
        try shop.lose(keepingCopy: true)
        try shop.rebuild()
        XCTAssertEqual(try shop.state.vetoes(of: release).map(\.since), [Sample.timestamp(3).date])
        try shop.keepCopy()
        try shop.lose(keepingCopy: true)
        try shop.rebuild()
        XCTAssertEqual(try shop.state.vetoes(of: release).count, 1, "and is one veto")
    }

    func testAHoldThatWasReleasedSinceTheRecordIsNotTakenAgain() throws {
        let hold = Hold(
            environment: "staging", performer: "ada", reason: "fair", since: Sample.timestamp(1).date)
        XCTAssertTrue(try shop.state.take(hold))
        try shop.run(100)
        try shop.keepCopy()
        let copy = try Data(contentsOf: URL(fileURLWithPath: "\(shop.path).copy"))
        let deployer = shop.deployer()
        try deployer.audit.record(deployer.audit.entry(.endHold, in: "staging")) { () throws(DeployError) in
            try deployer.ports.state.releaseHold(on: "staging")
        }
        try shop.keepCopy()
        try shop.lose(keepingCopy: true)
        try shop.rebuild()
        XCTAssertEqual(try shop.state.holds(), [])
        try copy.write(to: URL(fileURLWithPath: "\(shop.path).copy"))
        try shop.lose(keepingCopy: true)
        try shop.rebuild()
        XCTAssertEqual(try shop.state.holds(), [hold], "an older copy has it")
    }

    func testAJournalOfTheLostFileIsNotPlayedIntoTheNewOne() throws {
        try shop.run(100)
        try shop.lose()
        let journal = "\(shop.path)-journal"
        try Data("a journal".utf8).write(to: URL(fileURLWithPath: journal))
        try shop.rebuild()
        XCTAssertNotEqual(try? Data(contentsOf: URL(fileURLWithPath: journal)), Data("a journal".utf8))
        XCTAssertEqual(try shop.moved(), [Sample.timestamp(1)])
    }
}
