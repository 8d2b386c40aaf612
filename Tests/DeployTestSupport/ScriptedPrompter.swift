import Synchronization

@testable import DeployCore

/// A person who gives the scripted answers in order, then ends the input.
public final class ScriptedPrompter: Prompter {
    private struct State {
        var answers: [String]
        var questions: [String] = []
    }

    public let canAsk: Bool
    private let state: Mutex<State>

    public init(_ answers: String..., canAsk: Bool = true) {
        self.canAsk = canAsk
        state = Mutex(State(answers: answers))
    }

    public func ask(_ question: String) -> String? {
        state.withLock { state in
            state.questions.append(question)
            return !canAsk || state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
    }

    /// Every question so far, in order.
    public var questions: [String] { state.withLock { $0.questions } }
}
