import DeployTestSupport
import XCTest

@testable import DeployCore

final class ProbeWaveTests: XCTestCase {
    /// Asks until it hears "stop".
    private struct Patience: CommandSequence {
        var heard: [String] = []

        mutating func next(after result: CommandResult?) -> CommandRequest? {
            if let result { heard.append(result.output) }
            return heard.last == "stop" ? nil : CommandRequest(Command("wait"))
        }
    }

    /// Starts nothing of what it is given, and does not let the caller work either.
    private struct DeadRunner: CommandRunner {
        func run(_ request: CommandRequest) -> CommandResult { CommandResult(.interrupted) }
        func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { [] }
        func runTogether(_ sequences: inout [any CommandSequence], during work: () -> Void) {}
    }

    func testEachAnswerReachesWhoAskedInTheOrderOfAsking() {
        let commands = FakeCommandRunner()
        commands.answer(Command("one"), with: CommandResult(.exited(0), output: "1"))
        commands.answer(Command("two"), with: CommandResult(.exited(3), output: "2"))
        commands.answer(
            Command("wait"), with: CommandResult(.exited(0), output: "go"),
            CommandResult(.exited(0), output: "stop"))
        var heard: [String] = []
        var wave = ProbeWave()
        wave.ask(CommandRequest(Command("two"))) { heard.append("\($0.output) \($0.succeeded)") }
        wave.ask(Patience()) { heard.append("\($0.heard)") }
        wave.ask(CommandRequest(Command("one"))) { heard.append("\($0.output) \($0.succeeded)") }
        let meanwhile = wave.run(on: commands) { heard.count }
        XCTAssertEqual(meanwhile, 0, "answers are handed over after the work")
        XCTAssertEqual(heard, ["2 false", "[\"go\", \"stop\"]", "1 true"])
    }

    func testWhatWasNotRunIsAnswered() {
        var endings: [CommandResult.Ending] = []
        var wave = ProbeWave()
        wave.ask(CommandRequest(Command("one"))) { endings.append($0.ending) }
        XCTAssertEqual(wave.run(on: DeadRunner()) { 7 }, 7, "the work is done all the same")
        XCTAssertEqual(endings, [.notStarted("it was not run")])
    }

    func testAFailureOfTheWorkIsThrownAfterTheAnswers() {
        struct Broken: Error {}
        let commands = FakeCommandRunner()
        commands.answer(Command("one"), with: CommandResult(.exited(0)))
        var answers = 0
        var wave = ProbeWave()
        wave.ask(CommandRequest(Command("one"))) { _ in answers += 1 }
        XCTAssertThrowsError(try wave.run(on: commands) { throw Broken() })
        XCTAssertEqual(answers, 1)
    }
}
