import DeployAdapters
import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// Who reads a log portion by portion gets each line once, whatever is taken off it meanwhile, and by whom.
final class LogPortionTests: XCTestCase {
    private var folder = ""
    private var path: String { "\(folder)/web.log" }
    private let files = LocalFileStore()
    private let commands = ProcessCommandRunner(interruption: FakeInterruption())

    override func setUpWithError() throws { folder = try makeTestFolder() }

    private var log: LogFiles { LogFiles(files: files, commands: commands, path: path) }

    private func append(_ lines: Range<Int>) throws {
        let text = lines.map { "line \($0) \(String(repeating: "x", count: $0 % 13))" }
        try files.append(text.joined(separator: "\n"), to: path)
    }

    /// All that is there to be read from a place on, as numbers of lines.
    private func read(_ place: inout LogPosition, portions: Int = .max, of size: Int64 = 10_000) throws
        -> [Int]
    {
        var numbers: [Int] = []
        for _ in 0..<portions {
            let portion = try XCTUnwrap(try log.portion(since: place, atMost: size))
            guard !portion.lines.isEmpty else { return numbers }
            XCTAssertLessThanOrEqual(portion.lines.count, Int(size))
            let lines = String(decoding: portion.lines, as: UTF8.self).split(separator: "\n")
            numbers += lines.compactMap { Int($0.split(separator: " ")[1]) }
            place = portion.next
        }
        return numbers
    }

    func testNothingIsMissedOrReadTwiceWhileTheKeeperTakesItOff() throws {
        let rotation = LogRotation(
            rules: .init(size: 65_536), files: files, commands: commands, clock: FakeClock())
        var (place, found) = (LogPosition(bytes: 0), [Int]())
        for turn in 0..<40 {
            try append(turn * 1000..<(turn + 1) * 1000)
            found += try read(&place, portions: turn % 3)
            try rotation.turn([path])
        }
        XCTAssertGreaterThan(try LogRecord.read(of: path, files).pieces.count, 5)
        found += try read(&place)
        XCTAssertEqual(found, Array(0..<40_000))
    }

    func testNothingIsMissedWhereSomebodyElseRenamesIt() throws {
        var place = LogPosition(bytes: 0)
        try append(0..<3000)
        var found = try read(&place, portions: 2)
        try files.rename(path, to: "\(path).1")
        try append(3000..<4000)
        found += try read(&place)
        XCTAssertEqual(found, Array(0..<4000))
    }

    func testALineThatIsLongerThanAPortionIsReadInParts() throws {
        try files.append(String(repeating: "x", count: 25_000) + "\nshort", to: path)
        var (place, sizes) = (LogPosition(bytes: 0), [Int]())
        while let portion = try log.portion(since: place, atMost: 10_000), !portion.lines.isEmpty {
            sizes.append(portion.lines.count)
            place = portion.next
        }
        XCTAssertEqual(sizes, [10_000, 10_000, 5007])
    }
}
