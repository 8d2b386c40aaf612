/// What set a run off.
public enum Trigger: RawRepresentable, Hashable, Codable, Sendable {
    /// A person at a terminal.
    case terminal
    case ci
    /// A program that waits for the run, with nobody at a terminal.
    case script
    /// A git hook.
    case hook
    /// Something that has gone since, as a hook does that leaves a process behind.
    case detached
    /// A word that only another version of the tool writes.
    case other(String)

    private static let known: [Trigger] = [.terminal, .ci, .script, .hook, .detached]

    public init(rawValue: String) {
        self = Self.known.first { $0.rawValue == rawValue } ?? .other(rawValue)
    }

    /// The word in the state, in answers and in `DEPLOYCTL_TRIGGER`.
    public var rawValue: String {
        switch self {
        case .terminal: "terminal"
        case .ci: "ci"
        case .script: "script"
        case .hook: "hook"
        case .detached: "detached"
        case .other(let word): word
        }
    }

    /// Whether somebody stands behind the run: no hook, and nothing that was left behind.
    var hasSomebody: Bool { self != .hook && self != .detached }
}
