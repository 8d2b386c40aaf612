import Synchronization

@testable import DeployCore

/// A person who gives the scripted answers in order, then ends the input.
public final class ScriptedPrompter: Prompter {
    private struct State {
        var answers: [String]
        var questions: [String] = []
    }

    public let canAsk: Bool
    /// What standard input holds; nil for a terminal.
    public let input: String?
    private let state: Mutex<State>

    public init(_ answers: String..., canAsk: Bool = true, input: String? = nil) {
        self.canAsk = canAsk
        self.input = input
        state = Mutex(State(answers: answers))
    }

    public func ask(_ question: String) -> String? {
        state.withLock { state in
            state.questions.append(question)
            return !canAsk || state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
    }

    public func askUnseen(_ question: String) -> String? { ask(question) }

    public func piped(limit: Int) -> [UInt8]? { input.map { Array($0.utf8.prefix(limit + 1)) } }

    /// Every question so far, in order.
    public var questions: [String] { state.withLock { $0.questions } }
}
