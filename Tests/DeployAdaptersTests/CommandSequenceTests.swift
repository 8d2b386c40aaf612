import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class CommandSequenceTests: XCTestCase {
    /// Echoes numbers, each when the one it meets has come as far, and remembers what came back.
    private struct Count: CommandSequence {
        var left: Int
        var name = "a"
        var met = "a"
        var folder: String
        var said: [String] = []

        mutating func next(after result: CommandResult?) -> CommandRequest? {
            if let result { said.append(result.output) }
            guard left > 0 else { return nil }
            left -= 1
            let (mine, other) = ("\(folder)/\(name)\(left)", "\(folder)/\(met)\(left)")
            let script = "touch \(mine); until test -e \(other); do sleep 0.01; done; printf \(left)"
            return CommandRequest(Command("sh", ["-c", script]), deadline: .seconds(60))
        }
    }

    private let runner = ProcessCommandRunner(interruption: FakeInterruption())

    func testEachSequenceGoesOnByItself() throws {
        let folder = try makeTestFolder()
        let count = { (left, name, met) in Count(left: left, name: name, met: met, folder: folder) }
        var sequences: [any CommandSequence] = [
            count(3, "a", "b"), count(1, "c", "c"), count(0, "d", "d"), count(3, "b", "a"),
        ]
        runner.runTogether(&sequences)
        XCTAssertEqual(
            sequences.map { ($0 as? Count)?.said }, [["2", "1", "0"], ["0"], [], ["2", "1", "0"]])
    }

    func testAProgramThatIsNotThereEndsItsSequenceOnly() throws {
        struct Missing: CommandSequence {
            var ending: CommandResult.Ending?
            mutating func next(after result: CommandResult?) -> CommandRequest? {
                ending = result?.ending
                return result == nil ? CommandRequest(Command("/no/such/program")) : nil
            }
        }
        var sequences: [any CommandSequence] = [Missing(), Count(left: 1, folder: try makeTestFolder())]
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
