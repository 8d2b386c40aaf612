extension CommandResult {
    /// As a shell tells it, so that a signal is 128 and its number; nil where it did not end by itself or was not started.
    public var status: Int32? {
        switch ending {
        case .exited(let status): status
        case .signalled(let number): 128 + number
        case .timedOut, .interrupted, .notStarted, .unanswered: nil
        }
    }

    /// How it ended, and the last lines it printed.
    public var explanation: String {
        let ended =
            switch ending {
            case .exited(let status): "ended with \(status)"
            case .signalled(let signal): CommandResult.Ending.words(for: signal)
            case .timedOut: "did not end before its deadline"
            case .interrupted: "was interrupted"
            case .notStarted(let reason): "could not be started: \(reason)"
            case .unanswered(let reason): reason
            }
        let said = Self.repeatable(errors.isEmpty ? output : errors).suffix(12)
        return said.isEmpty ? ended : "\(ended): \(said.joined(separator: "\n"))"
    }

    /// Why nothing can be started where an account, or the machine, has as many processes as it may have.
    public static let tooManyProcesses =
        "this account, or the machine, may have no more processes (ulimit -u)"

    /// Whether it was not started for that reason.
    var wasOneTooMany: Bool {
        if case .notStarted(let reason) = ending { reason.holds(Self.tooManyProcesses) } else { false }
    }

    /// The lines of what a program printed that may stand in messages and logs: a bounded part, without rows of a database.
    public static func repeatable(_ text: String) -> [Substring] { Rowless.text(CutText.bounded(text)).lines }
}
