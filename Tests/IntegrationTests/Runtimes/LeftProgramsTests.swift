import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// What a command of the project leaves running is ended with it, wherever it went.
final class LeftProgramsTests: XCTestCase {
    private var world: RealProcessWorld!
    private let notes = Notes()
    private var context: StepContext!

    private final class Notes: @unchecked Sendable {
        private let lock = NSLock()
        private var lines: [String] = []
        func add(_ line: String) { lock.withLock { lines.append(line) } }
        var all: [String] { lock.withLock { lines } }
    }

    override func setUpWithError() throws {
        world = try RealProcessWorld(try makeTestFolder())
        let (notes, given) = (notes, world.context)
        context = StepContext(given.site.workspace, plan: given.plan, origin: Sample.origin) { notes.add($0) }
    }

    private func run(_ script: String) throws {
        try context.runOwn(
            CommandRequest(Command("sh", ["-c", script]), in: context.layout.project), because: "It failed")
    }

    /// The processes whose numbers the script wrote down.
    private func written() throws -> [Int32] {
        try String(contentsOfFile: "\(context.layout.project)/pids", encoding: .utf8)
            .split(separator: "\n").compactMap { Int32($0) }
    }

    func testWhatLeftItsSessionAndItsVariablesIsEndedAndNamed() throws {
        let bystander = try Process.run(
            URL(fileURLWithPath: "/bin/sleep"), arguments: ["600"])
        defer { bystander.terminate() }
        try run(
            """
            sleep 600 & echo $! >> pids
            setsid sh -c 'trap "" TERM; echo $$ >> pids; while :; do sleep 600; done' &
            (env -i setsid sh -c 'echo $$ >> pids; exec sleep 600' &) &
            while [ "$(wc -l < pids)" -lt 3 ]; do sleep 0.01; done
            """)
        let processes = world.machine.ports.processes
        XCTAssertEqual(try written().compactMap(processes.identity), [])
        XCTAssertTrue(bystander.isRunning, "nobody else's")
        let said = try XCTUnwrap(notes.all.last)
        XCTAssertTrue(said.hasSuffix(", left running by sh, are ended"), said)
        XCTAssertTrue(said.contains("(sleep)"), said)
    }

    func testACommandThatFailedLeavesNothingEither() throws {
        expectError(.stepFailed, "a failing command") {
            try run("setsid sleep 600 & echo $! > pids; exit 3")
        }
        XCTAssertEqual(try written().compactMap(world.machine.ports.processes.identity), [])
    }

    func testACommandThatLeavesNothingIsNotSpokenOf() throws {
        try run("sleep 0 & wait")
        XCTAssertEqual(notes.all.count, 1, "\(notes.all)")
    }
}
