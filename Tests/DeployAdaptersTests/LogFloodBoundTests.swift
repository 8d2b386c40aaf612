import DeployAdapters
import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// What grows faster than it can be packed is given up as it lies: the oldest first, whole lines, counted.
final class LogFloodBoundTests: XCTestCase {
    private var folder = ""
    private var path: String { "\(folder)/web.log" }
    private let files = LocalFileStore()
    private let commands = ProcessCommandRunner(interruption: FakeInterruption())
    private let clock = FakeClock()
    private let pace = LogPace()
    private let rules = Environment.LogRules(size: 65_536, within: 1_000_000)

    override func setUpWithError() throws { folder = try makeTestFolder() }

    private func turn(_ files: (any FileStore)? = nil, from begin: Int64 = 0, pieces: Int = .max) throws {
        let rotation = LogRotation(
            rules: rules, files: files ?? self.files, commands: commands, clock: clock, pieces: pieces,
            pace: pace)
        try rotation.turn([path], watched: [path: .init(begin: begin, texts: ["FATAL"])])
    }

    private func append(_ text: String) throws { try files.append(String(text.dropLast()), to: path) }

    /// Lines of 64 bytes; each hundredth is forbidden.
    private func lines(_ numbers: Range<Int>) -> String {
        numbers.map { number in
            let line = "line \(number) \(number % 100 == 0 ? "FATAL" : "fine")"
            return line + String(repeating: " ", count: 63 - line.utf8.count) + "\n"
        }.joined()
    }

    private var total: Int64 {
        files.names(in: folder).compactMap { files.size(of: "\(folder)/\($0)") }.reduce(0, +)
    }

    private func left(_ files: (any FileStore)? = nil) throws -> [Int] {
        let log = LogFiles(files: files ?? self.files, commands: commands, path: path)
        let parts = try XCTUnwrap(log.written(since: log.beginning))
        let text = try parts.map {
            String(decoding: try log.text(of: $0, atMost: 1 << 30), as: UTF8.self)
        }.joined()
        return text.split(separator: "\n").map { Int($0.split(separator: " ")[1]) ?? -1 }
    }

    private func counted() throws -> Int? {
        let record = try LogRecord.read(of: path, files)
        guard let tally = record.tallies.first else { return nil }
        let log = LogFiles(files: files, commands: commands, path: path)
        var lines = LineTally(["FATAL"], after: tally.unfinished)
        for part in try XCTUnwrap(log.written(since: LogPosition(bytes: tally.end))) {
            try log.feed(&lines, with: part)
        }
        return tally.counts["FATAL"].map { $0 + (lines.counts["FATAL"] ?? 0) }
    }

    func testAFloodStaysWithinItsLimitAndWhatIsGivenUpIsWholeAndCounted() throws {
        var written = 0
        for look in 0..<60 {
            try append(lines(written..<written + 2000))
            written += 2000
            clock.move(by: .milliseconds(200))
            // The first look knows no pace yet.
            if look > 1 { XCTAssertLessThanOrEqual(total, rules.within, "before look \(look)") }
            try turn()
            XCTAssertLessThanOrEqual(total, rules.within, "after look \(look)")
        }
        let numbers = try left()
        let first = try XCTUnwrap(numbers.first)
        XCTAssertEqual(numbers, Array(first..<written), "none is lost, cut or doubled")
        XCTAssertGreaterThan(first, written / 2)
        let record = try LogRecord.read(of: path, files)
        let givenUp = try XCTUnwrap(record.givenUp)
        XCTAssertEqual(givenUp.bytes, Int64(givenUp.lines) * 64)
        XCTAssertEqual(pace.givenUp, [path: givenUp])
        // What was written before the pace was known became pieces.
        XCTAssertTrue((first - 12_000...first).contains(givenUp.lines), "\(givenUp.lines) of \(first)")
        XCTAssertEqual(try counted(), written / 100)
        XCTAssertEqual(record.pieces, [], "what would be gone at once is not packed")
    }

    func testRoomIsLeftForWhatWasWrittenTheLastTimeThatALookWasLate() throws {
        var written = 0
        for look in 1...250 {
            // Each hundredth is two seconds late.
            let lines = look % 100 == 0 ? 5000 : 500
            try append(self.lines(written..<written + lines))
            written += lines
            clock.move(by: .milliseconds(lines * 2 / 5))
            if look > 100 { XCTAssertLessThanOrEqual(total, rules.within, "before look \(look)") }
            try turn()
        }
        XCTAssertGreaterThan(total, rules.within / 3, "no more is given up than that")
    }

    func testWhoBeginsToWriteFindsRoom() throws {
        try append(lines(0..<40_000))
        try turn(pieces: 0)
        XCTAssertLessThanOrEqual(total, rules.within - rules.within / 16)
    }

    func testWhenTheFloodIsOverTheRestIsPackedAndNothingMoreIsLost() throws {
        for look in 0..<20 {
            try append(lines(look * 2000..<look * 2000 + 2000))
            clock.move(by: .milliseconds(200))
            try turn()
        }
        let before = try left()
        for _ in 0..<600 {
            clock.move(by: .milliseconds(200))
            try turn()
        }
        XCTAssertEqual(try left(), before)
        XCTAssertLessThan(try XCTUnwrap(files.size(of: path)), rules.size * 2)
        XCTAssertGreaterThan(try LogRecord.read(of: path, files).pieces.count, 2)
        XCTAssertEqual(try counted(), 400)
        XCTAssertLessThan(total, rules.within / 2)
    }

    func testKilledAtAnyChangeTheNextTurnFinishesIt() throws {
        let text = lines(0..<20_000)
        for changes in 0..<20 {
            let memory = MemoryFileStore([path: text])
            let life = Life(changes: changes)
            try? turn(MortalFileStore(base: memory, life: life), pieces: 0)
            try memory.append("line 20000 FATAL", to: path)
            try turn(memory, pieces: 0)
            let numbers = try left(memory)
            let first = try XCTUnwrap(numbers.first)
            XCTAssertEqual(numbers, Array(first...20_000), "after \(changes) changes")
            let record = try LogRecord.read(of: path, memory)
            XCTAssertEqual(record.kept, Int64(first) * 64, "after \(changes) changes")
            XCTAssertEqual(record.givenUp?.lines, first, "after \(changes) changes")
            XCTAssertEqual(record.tally?.counts["FATAL"], (first + 99) / 100, "after \(changes) changes")
            if !life.isOver { return }
        }
        XCTFail("it was never let live to the end")
    }

    func testWhatIsGivenUpBeforeTheWatchedPartIsNotSearched() throws {
        try append(lines(0..<30_000))
        try turn(from: 10_050 * 64)
        let record = try LogRecord.read(of: path, files)
        let first = Int(record.kept / 64)
        XCTAssertGreaterThan(first, 14_000)
        XCTAssertEqual(record.tally?.begin, 10_050 * 64)
        XCTAssertEqual(record.tally?.counts, ["FATAL": (first - 1) / 100 - 100])
    }
}
