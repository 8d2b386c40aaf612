import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A log that was rotated is found again, or said to be unknown.
final class LogFilesTests: XCTestCase {
    private var folder = ""
    private var log: LogFiles {
        LogFiles(
            files: LocalFileStore(), commands: ProcessCommandRunner(interruption: FakeInterruption()),
            path: "\(folder)/web.log")
    }

    override func setUpWithError() throws { folder = try makeTestFolder() }

    private func write(_ text: String, to name: String = "web.log") throws {
        let path = "\(folder)/\(name)"
        if let handle = FileHandle(forWritingAtPath: path) {
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        } else {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
    }

    private func move(_ name: String, to other: String) throws {
        XCTAssertEqual(rename("\(folder)/\(name)", "\(folder)/\(other)"), 0)
    }

    private func copyTruncate(to other: String) throws {
        try FileManager.default.copyItem(atPath: "\(folder)/web.log", toPath: "\(folder)/\(other)")
        XCTAssertEqual(truncate("\(folder)/web.log", 0), 0)
    }

    /// What was written since, of all its parts; nil when that is not known.
    private func text(since position: LogPosition) throws -> String? {
        try log.written(since: position)?.map {
            let data = try Data(contentsOf: URL(fileURLWithPath: $0.path))
            return String(decoding: data.dropFirst(Int($0.begin)), as: UTF8.self)
        }.joined()
    }

    func testWhatWasWrittenSinceIsFoundInALogThatWasNotRotated() throws {
        try write("before\n")
        let position = log.end
        try write("after\n")
        XCTAssertEqual(try text(since: position), "after\n")
    }

    func testALogThatDidNotExistIsWholeSince() throws {
        let position = log.end
        try write("after\n")
        XCTAssertEqual(try text(since: position), "after\n")
    }

    func testNothingIsHiddenByCopyingAndTruncating() throws {
        try write("before\n")
        let position = log.end
        try write("old part\n")
        try copyTruncate(to: "web.log.1")
        try write("new part, longer than all that was there before\n")
        XCTAssertEqual(
            try text(since: position), "old part\nnew part, longer than all that was there before\n")
    }

    func testNothingIsHiddenByRenamingSeveralTimes() throws {
        try write("before\n")
        let position = log.end
        try write("one\n")
        try move("web.log", to: "web.log.1")
        try write("two\n")
        try move("web.log.1", to: "web.log.2")
        try move("web.log", to: "web.log.1")
        try write("three\n")
        try write("older", to: "web.log.3.gz")
        XCTAssertEqual(try text(since: position), "one\ntwo\nthree\n")
    }

    func testDatesInPlaceOfNumbersAreInOrder() throws {
        try write("before\n")
        let position = log.end
        try write("one\n")
        try move("web.log", to: "web.log-20260101")
        try write("two\n")
        try move("web.log", to: "web.log-20260102")
        try write("three\n")
        XCTAssertEqual(try text(since: position), "one\ntwo\nthree\n")
    }

    func testWhatIsPackedOrGoneIsUnknownAndNotEmpty() throws {
        try write("before\n")
        let position = log.end
        try write("one\n")
        try copyTruncate(to: "web.log.1")
        try move("web.log.1", to: "web.log.2")
        try write("packed", to: "web.log.1.gz")
        try write("three\n")
        XCTAssertNil(try text(since: position), "a packed one lies between")
        XCTAssertEqual(unlink("\(folder)/web.log.2"), 0)
        XCTAssertNil(try text(since: position), "the one it was in is gone")
    }

    func testAnEmptyLogIsKnownByTheFileItself() throws {
        try write("")
        let position = log.end
        try write("after\n")
        XCTAssertEqual(try text(since: position), "after\n")
        try move("web.log", to: "web.log.1")
        try write("later\n")
        XCTAssertEqual(try text(since: position), "after\nlater\n")
    }

    func testARecordOfAnEarlierVersionCountsAsFarAsItCanBeTrue() throws {
        try write("before\nafter\n")
        XCTAssertEqual(try text(since: LogPosition(bytes: 7)), "after\n")
        XCTAssertNil(try text(since: LogPosition(bytes: 700)))
    }
}
