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
    /// A service of an instance, or what it started.
    case service
    /// What may only propose in production, by a key of its own or because it says so.
    case agent
    /// A word that only another version of the tool writes.
    case other(String)

    private static let known: [Trigger] = [.terminal, .ci, .script, .hook, .detached, .service, .agent]

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
        case .service: "service"
        case .agent: "agent"
        case .other(let word): word
        }
    }

    /// Whether somebody stands behind the run: no hook, no service, no agent, and nothing that was left behind.
    public var hasSomebody: Bool { ![.hook, .detached, .service, .agent].contains(self) }

    /// What began a run nobody stands behind, as the beginning of a sentence; nil where somebody does.
    var nobody: String? {
        switch self {
        case .hook: "a git hook began this run"
        case .detached: "what began this run has gone"
        case .service: "a service of a deployed release began this run"
        case .agent: "an agent began this run"
        default: nil
        }
    }
}
