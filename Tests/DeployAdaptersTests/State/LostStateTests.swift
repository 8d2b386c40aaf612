import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// A state that was there and is gone, or that another program keeps locked.
final class LostStateTests: XCTestCase {
    private var folder = ""
    private var path: String { "\(folder)/state.db" }
    private func store() -> SQLiteStateStore { SQLiteStateStore(path: path) }

    override func setUpWithError() throws { folder = try makeTestFolder() }

    private func fill() throws {
        let store = store()
        for number in 1...3 { try store.record(Sample.release(number)) }
        try store.keepCopy()
    }

    func testALostStateIsReadFromItsCopyAndNotWritten() throws {
        try fill()
        try FileManager.default.removeItem(atPath: path)
        let store = store()
        XCTAssertNil(store.knownLoss)
        XCTAssertEqual(try store.releases().count, 3)
        XCTAssertEqual(store.knownLoss?.next, "deployctl adopt --state")
        expectError(.needsPerson, "writing") { try store.record(Sample.release(4)) }
        XCTAssertFalse(FileManager.default.fileExists(atPath: path))
    }

    func testWhatADeploymentLeftShowsThatAStateIsLost() throws {
        for trace in ["staging/releases/20260101000000", "audit.log/"] {
            folder = try makeTestFolder()
            let place = "\(folder)/\(trace)"
            if trace.hasSuffix("/") {
                try Data("1 x".utf8).write(to: URL(fileURLWithPath: String(place.dropLast())))
            } else {
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            }
            expectError(.needsPerson, "reading beside \(trace)") { _ = try self.store().releases() }
            expectError(.needsPerson, "writing beside \(trace)") {
                try self.store().record(Sample.release(1))
            }
        }
    }

    func testADamagedStateGetsItsCopyAndLaterNamesAreLater() throws {
        try fill()
        let damaged = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(5000)
        try damaged.write(to: URL(fileURLWithPath: path))
        let newest = Sample.timestamp(900_000)
        var remains = StateRemains()
        remains.newest = newest
        let restored = try store().restore(with: remains)
        XCTAssertEqual(restored.source, .copy)
        XCTAssertEqual(
            try Data(contentsOf: URL(fileURLWithPath: try XCTUnwrap(restored.movedAside))), damaged)
        XCTAssertEqual(try store().releases().count, 3)
        XCTAssertGreaterThan(try store().nextTimestamp(at: Sample.timestamp(1).date), newest)
        XCTAssertEqual(
            try store().restore(with: StateRemains()).source, .whole, "again there is nothing to do")
    }

    func testADamagedCopyIsNotUsed() throws {
        try fill()
        try FileManager.default.removeItem(atPath: path)
        try Data("no database".utf8).write(to: URL(fileURLWithPath: "\(path).copy"))
        expectError(.needsPerson, "reading") { _ = try self.store().releases() }
        XCTAssertEqual(try store().restore(with: StateRemains()).source, .empty)
        XCTAssertEqual(try store().releases().count, 0)
    }

    func testTheCopyHasWhatWasWrittenLast() throws {
        try fill()
        let store = store()
        try store.record(Sample.release(4))
        try store.keepCopy()
        try FileManager.default.removeItem(atPath: path)
        XCTAssertEqual(try self.store().releases().count, 4)
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted(),
            ["state.db-journal", "state.db.copy"], "nothing half-made stays")
    }

    func testAReaderWhoDoesNotEndIsNamedUnderADocumentedCode() throws {
        try fill()
        let reader = try SQLiteConnection(path: path, access: .readOnly)
        try reader.execute("BEGIN")
        _ = try reader.run("SELECT count(*) FROM release")
        let store = SQLiteStateStore(path: path, patience: .milliseconds(30))
        XCTAssertThrowsError(try store.record(Sample.release(5))) {
            XCTAssertEqual(($0 as? DeployError)?.code, .stepFailed)
            XCTAssertTrue("\($0)".contains("locked"), "\($0)")
        }
        try reader.execute("COMMIT")
        try store.record(Sample.release(5))
    }
}
