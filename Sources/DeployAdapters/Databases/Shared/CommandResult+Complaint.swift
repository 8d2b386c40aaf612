import DeployCore

extension CommandResult {
    /// Why it failed, for a message: how it ended and the last lines it wrote.
    var complaint: String {
        let ended =
            switch ending {
            case .exited(let status): "ended with status \(status)"
            case .signalled(let signal): CommandResult.Ending.words(for: signal)
            case .timedOut: "did not end in time"
            case .interrupted: "was interrupted"
            case .notStarted(let reason): "was not started: \(reason)"
            case .unanswered(let reason): reason
            }
        let lines = Self.repeatable(errors).suffix(5)
        return ([ended] + lines.map(String.init)).joined(separator: "\n")
    }
}
