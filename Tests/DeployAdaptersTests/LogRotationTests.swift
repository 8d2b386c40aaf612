import DeployAdapters
import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// What is taken off a log while others write to it is neither lost nor doubled, nor cut in the middle of a line.
final class LogRotationTests: XCTestCase {
    private var folder = ""
    private var path: String { "\(folder)/web.log" }
    private let files = LocalFileStore()
    private let commands = ProcessCommandRunner(interruption: FakeInterruption())
    private let clock = FakeClock()
    private var rules = Environment.LogRules(size: 65_536)

    override func setUpWithError() throws { folder = try makeTestFolder() }

    private var rotation: LogRotation {
        LogRotation(rules: rules, files: files, commands: commands, clock: clock)
    }

    /// As a service does that inherited the file: it appends, and knows nothing of anybody else.
    private func append(_ text: String) throws {
        try files.append(String(text.dropLast()), to: path)
    }

    private func whole(_ files: any FileStore = LocalFileStore(), commands: any CommandRunner) throws
        -> String
    {
        let log = LogFiles(files: files, commands: commands, path: path)
        let parts = try XCTUnwrap(log.written(since: LogPosition(bytes: 0)))
        return try parts.map { String(decoding: try log.text(of: $0, atMost: 1 << 30), as: UTF8.self) }
            .joined()
    }

    private static func lines(_ numbers: Range<Int>) -> String {
        numbers.map { "line \($0) \(String(repeating: "x", count: $0 % 13))\n" }.joined()
    }

    func testNoLineIsLostOrCutWhileAServiceWrites() throws {
        let path = path
        let writer = Thread {
            let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
            for number in 0..<200_000 {
                var line = Self.lines(number..<number + 1)
                line.withUTF8 { _ = write(file, $0.baseAddress, $0.count) }
            }
            close(file)
        }
        writer.start()
        rules.size = 262_144
        while !writer.isFinished { try rotation.turn([path]) }
        try rotation.turn([path])
        let record = try LogRecord.read(of: path, files)
        XCTAssertGreaterThan(record.pieces.count, 5)
        XCTAssertLessThan(try XCTUnwrap(files.size(of: path)), rules.size * 4)
        XCTAssertEqual(try whole(commands: commands), Self.lines(0..<200_000))
        for piece in record.pieces {
            let part = LogFiles.Part(path: LogFiles.file(of: piece, path, files), begin: 0)
            XCTAssertTrue(part.path.hasSuffix(".zst"))
            let log = LogFiles(files: files, commands: commands, path: path)
            XCTAssertEqual(try log.text(of: part, atMost: 1 << 30).last, 0x0A, "a piece ends with a line")
        }
    }

    func testOnAFileSystemThatTakesNoBlocksOffTheRestStays() throws {
        let place = "/dev/shm/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: place) }
        folder = place
        try append(Self.lines(0..<5000))
        try rotation.turn([path])
        try append(Self.lines(5000..<5001))
        XCTAssertEqual(try whole(commands: commands), Self.lines(0..<5001))
        XCTAssertLessThan(try XCTUnwrap(files.size(of: path)), rules.size)
    }

    func testKilledAtAnyChangeTheNextTurnFinishesIt() throws {
        let text = Self.lines(0..<6000)
        for changes in 0..<40 {
            let memory = MemoryFileStore([path: text])
            let life = Life(changes: changes)
            let quiet = FakeCommandRunner()
            quiet.answer(where: { $0.command.program == "zstd" }, with: CommandResult(.notStarted("none")))
            let killed = LogRotation(
                rules: rules, files: MortalFileStore(base: memory, life: life), commands: quiet, clock: clock)
            try? killed.turn([path])
            try memory.append("the next line", to: path)
            try LogRotation(rules: rules, files: memory, commands: quiet, clock: clock).turn([path])
            XCTAssertEqual(
                try whole(memory, commands: quiet), text + "the next line\n", "after \(changes) changes")
            let known = Set(try LogRecord.read(of: path, memory).pieces.map(\.name))
            let there = Set(memory.names(in: folder).filter { $0.hasPrefix("web.log-") })
            XCTAssertEqual(there, known, "after \(changes) changes nothing lies about")
            if !life.isOver { return }
        }
        XCTFail("it was never let live to the end")
    }

    func testBoundsGiveUpTheOldestAndTheGateStillKnowsWhatItHeld() throws {
        rules.within = 100_000
        try append("before the deployment\n")
        let log = LogFiles(files: files, commands: commands, path: path)
        let begin = log.end
        try append("FATAL soon\n")
        for round in 0..<20 {
            try append(Self.lines(round * 2000..<(round + 1) * 2000))
            clock.move(by: .seconds(1))
            try rotation.turn(
                [path], watched: [path: .init(begin: begin.bytes, texts: ["FATAL", "PANIC"])])
        }
        let record = try LogRecord.read(of: path, files)
        XCTAssertGreaterThan(record.kept, begin.bytes)
        let total = files.names(in: folder).compactMap { files.size(of: "\(folder)/\($0)") }.reduce(0, +)
        XCTAssertLessThan(total, rules.within + rules.size)
        XCTAssertEqual(record.tally?.counts, ["FATAL": 1, "PANIC": 0])
        XCTAssertEqual(record.tally?.end, record.kept)
        XCTAssertNil(log.written(since: begin), "it is not there any more")
    }

    func testWhatIsGivenUpAtOnceIsCountedUpToTheEndOfALine() throws {
        rules.within = 100_000
        try append("before the deployment FATAL\n")
        let begin = LogFiles(files: files, commands: commands, path: path).end
        try append("FATAL soon\n" + Self.lines(0..<20_000) + "FATAL late\n" + Self.lines(20_000..<40_000))
        // A line ends with a block for certain.
        let size = Int(try XCTUnwrap(files.size(of: path)))
        try append(String(repeating: "y", count: 63 - size % 64) + "\n")
        try append(String(repeating: String(repeating: "y", count: 63) + "\n", count: 3000))
        try rotation.turn([path], watched: [path: .init(begin: begin.bytes, texts: ["FATAL"])])
        let record = try LogRecord.read(of: path, files)
        XCTAssertEqual(record.tally?.counts, ["FATAL": 2])
        XCTAssertEqual(record.tally?.begin, begin.bytes)
        XCTAssertEqual(record.tally?.end, record.kept)
        XCTAssertLessThan(try XCTUnwrap(files.size(of: path)), rules.within + rules.size)
    }

    func testAWordThatIsCutBetweenTwoPiecesIsCountedOnce() throws {
        rules.within = 100_000
        let word = "FATAL"
        let length = 50_000
        let watched = [path: LogCount.Watched(begin: 0, texts: [word])]
        // No line ends with a block, and each cut goes through a word.
        for _ in 0..<20 {
            let words = (0..<length / 10).map { _ in
                word + String(UInt32.random(in: 1 << 20..<1 << 24), radix: 36)
            }
            try append(words.joined() + "\n")
            clock.move(by: .seconds(1))
            try rotation.turn([path], watched: watched)
        }
        let record = try LogRecord.read(of: path, files)
        let tally = try XCTUnwrap(record.tally)
        XCTAssertGreaterThan(tally.counts[word] ?? 0, 5)
        let log = LogFiles(files: files, commands: commands, path: path)
        var lines = LineTally([word], after: tally.unfinished)
        for part in try XCTUnwrap(log.written(since: LogPosition(bytes: tally.end))) {
            try log.feed(&lines, with: part)
        }
        XCTAssertEqual((tally.counts[word] ?? 0) + (lines.counts[word] ?? 0), 20)
    }

    func testABoundHoldsWhereNoLineEndsWithABlock() throws {
        rules.within = 80_000
        let lines = (0..<2000).map { _ in
            (0..<8).map { _ in String(UInt64.random(in: 1 << 60..<1 << 62), radix: 36) }.joined()
        }
        var text = ""
        for line in lines {
            let next = text.utf8.count + line.utf8.count + 1
            text += next % 4096 == 0 ? line + "+\n" : line + "\n"
        }
        try append(String(text.utf8.prefix(150_000))! + "\n")
        try rotation.turn([path])
        let total = files.names(in: folder).compactMap { files.size(of: "\(folder)/\($0)") }.reduce(0, +)
        XCTAssertLessThan(total, rules.within + 8192)
    }

    func testWhatIsOldIsTakenOffASmallLogAndGivenUpInTime() throws {
        try append(String(repeating: String(repeating: "x", count: 63) + "\n", count: 300))
        try rotation.turn([path])
        XCTAssertEqual(try LogRecord.read(of: path, files).pieces.count, 0)
        clock.move(by: .seconds(86_400))
        try rotation.turn([path])
        XCTAssertEqual(try LogRecord.read(of: path, files).pieces.count, 1)
        clock.move(by: rules.keepFor + .seconds(1))
        try append(Self.lines(500..<501))
        try rotation.turn([path])
        XCTAssertEqual(try LogRecord.read(of: path, files).pieces.map(\.begin).contains(0), false)
    }

    func testAPlaceIsFoundAgainAfterItsBeginningWasTakenOff() throws {
        try append(Self.lines(0..<3000))
        let log = LogFiles(files: files, commands: commands, path: path)
        let early = log.end
        try append(Self.lines(3000..<3001))
        let late = log.end
        try append(Self.lines(3001..<9000))
        try rotation.turn([path])
        for (place, first) in [(early, 3000), (late, 3001), (log.end, 9000)] {
            let parts = try XCTUnwrap(log.written(since: place))
            let text = try parts.map {
                String(decoding: try log.text(of: $0, atMost: 1 << 30), as: UTF8.self)
            }
            XCTAssertEqual(text.joined(), Self.lines(first..<9000))
        }
    }
}
