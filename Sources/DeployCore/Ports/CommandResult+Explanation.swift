extension CommandResult {
    /// How it ended, and the last lines it printed.
    public var explanation: String {
        let ended =
            switch ending {
            case .exited(let status): "ended with \(status)"
            case .signalled(let signal): CommandResult.Ending.words(for: signal)
            case .timedOut: "did not end before its deadline"
            case .interrupted: "was interrupted"
            case .notStarted(let reason): "could not be started: \(reason)"
            }
        let said = (errors.isEmpty ? output : errors).lines.suffix(12)
        return said.isEmpty ? ended : "\(ended): \(said.joined(separator: "\n"))"
    }
}
