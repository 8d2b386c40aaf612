import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class CommandSequenceTests: XCTestCase {
    /// Echoes numbers, each after a pause, and remembers what came back.
    private struct Count: CommandSequence {
        var left: Int
        var said: [String] = []

        mutating func next(after result: CommandResult?) -> CommandRequest? {
            if let result { said.append(result.output) }
            guard left > 0 else { return nil }
            left -= 1
            return CommandRequest(Command("sh", ["-c", "sleep 0.1; printf \(left)"]))
        }
    }

    private let runner = ProcessCommandRunner(interruption: FakeInterruption())

    func testEachSequenceGoesOnByItself() {
        var sequences: [any CommandSequence] = [
            Count(left: 3), Count(left: 1), Count(left: 0), Count(left: 3),
        ]
        let began = Date()
        runner.runTogether(&sequences)
        XCTAssertEqual(
            sequences.map { ($0 as? Count)?.said }, [["2", "1", "0"], ["0"], [], ["2", "1", "0"]])
        XCTAssertLessThan(Date().timeIntervalSince(began), 0.65, "seven pauses of 0.1 s one after the other")
    }

    func testAProgramThatIsNotThereEndsItsSequenceOnly() {
        struct Missing: CommandSequence {
            var ending: CommandResult.Ending?
            mutating func next(after result: CommandResult?) -> CommandRequest? {
                ending = result?.ending
                return result == nil ? CommandRequest(Command("/no/such/program")) : nil
            }
        }
        var sequences: [any CommandSequence] = [Missing(), Count(left: 1)]
        runner.runTogether(&sequences)
        guard case .notStarted = (sequences[0] as? Missing)?.ending else { return XCTFail("it started") }
        XCTAssertEqual((sequences[1] as? Count)?.said, ["0"])
    }

    /// The system's own zone files, around a day on which Berlin's clock goes forward.
    func testDateKnowsWhenAClockChanges() throws {
        let now = Date(timeIntervalSince1970: 1_774_746_000)
        let request = try XCTUnwrap(ZoneProbe(files: LocalFileStore()).request("Europe/Berlin", around: now))
        let offsets = try XCTUnwrap(ZoneProbe.offsets(runner.run(request)))
        XCTAssertEqual(offsets.changes.map(\.offset), [3600, 7200])
        XCTAssertEqual(offsets.changes.last?.at, now, "2026-03-29T01:00:00Z")
        XCTAssertNil(ZoneProbe(files: LocalFileStore()).request("Nowhere/Land", around: now))
    }
}
