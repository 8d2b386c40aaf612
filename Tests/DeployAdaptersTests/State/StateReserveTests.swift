import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// What a full disk must not keep from being told and put on record.
final class StateReserveTests: XCTestCase {
    func testEventsAreKeptWhereTheFileCannotGrowAnyMore() throws {
        let folder = try makeTestFolder()
        let store = SQLiteStateStore(path: "\(folder)/state.db")
        let event = Event(
            .unhealthy, in: "production", on: "", at: Date(timeIntervalSince1970: 1_800_000_000),
            detail: String(repeating: "x", count: 4000))
        try store.record(event)
        let connection = try store.writing()
        let pages = try XCTUnwrap(try connection.run("PRAGMA page_count").first?.first?.integer)
        try connection.execute("PRAGMA max_page_count = \(pages)")
        for _ in 0..<20 { try store.record(event) }
        XCTAssertEqual(try store.unroutedEvents(limit: 100).count, 21)
        XCTAssertThrowsError(try { for _ in 0..<200 { try store.record(event) } }()) {
            XCTAssertEqual(($0 as? DeployError)?.code, .stepFailed, "\($0)")
        }
    }

    /// Who has the file keeps it until after this: waiting would take the whole patience.
    func testWhoHasTheFileLockedIsNotWaitedForAndThenIs() throws {
        let path = try makeTestFolder() + "/state.db"
        let patience = Duration.seconds(20)
        let connection = try SQLiteConnection(path: path, access: .create, patience: patience)
        try connection.execute("CREATE TABLE event (id INTEGER)")
        let other = try SQLiteConnection(path: path, access: .readWrite)
        try other.execute("BEGIN EXCLUSIVE")
        let start = ContinuousClock.now
        StateReserve(connection: connection).keep()
        XCTAssertLessThan(ContinuousClock.now - start, patience / 2)
        XCTAssertEqual(
            try connection.run("PRAGMA busy_timeout").first?.first?.integer, 20_000, "others wait as before")
        try other.execute("COMMIT")
        StateReserve(connection: connection).keep()
        XCTAssertGreaterThan(
            try XCTUnwrap(try connection.run("PRAGMA freelist_count").first?.first?.integer), 32)
    }
}
