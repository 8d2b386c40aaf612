import Synchronization
import XCTest

@testable import DeployCore

/// Answers only the commands it was told about; any other fails the test.
public final class FakeCommandRunner: CommandRunner {
    private struct Script: Sendable {
        var matches: @Sendable (CommandRequest) -> Bool
        var answers: [CommandResult]
    }

    private struct State {
        var scripts: [Script] = []
        var requests: [CommandRequest] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Queues answers for exactly this command; the last one repeats.
    public func answer(_ command: Command, with answers: CommandResult...) {
        add(Script(matches: { $0.command == command }, answers: answers))
    }

    /// Queues answers for every request that `matches`; the last one repeats.
    public func answer(
        where matches: @escaping @Sendable (CommandRequest) -> Bool, with answers: CommandResult...
    ) {
        add(Script(matches: matches, answers: answers))
    }

    public func run(_ request: CommandRequest) -> CommandResult {
        let answer = state.withLock { state -> CommandResult? in
            state.requests.append(request)
            guard let index = state.scripts.firstIndex(where: { $0.matches(request) }) else { return nil }
            guard state.scripts[index].answers.count > 1 else { return state.scripts[index].answers.first }
            return state.scripts[index].answers.removeFirst()
        }
        if let answer { return answer }
        XCTFail("no answer was scripted for: \(request.command)")
        return CommandResult(.notStarted("no answer was scripted for: \(request.command)"))
    }

    public func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }

    /// Every request so far, in order.
    public var requests: [CommandRequest] { state.withLock { $0.requests } }

    /// Every command so far, in order.
    public var ran: [Command] { requests.map(\.command) }

    /// A later script goes before an earlier one.
    private func add(_ script: Script) { state.withLock { $0.scripts.insert(script, at: 0) } }
}
