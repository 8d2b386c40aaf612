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
    /// A word that only another version of the tool writes.
    case other(String)

    private static let known: [Trigger] = [.terminal, .ci, .script, .hook, .detached, .service]

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
        case .other(let word): word
        }
    }

    /// Whether somebody stands behind the run: no hook, no service, and nothing that was left behind.
    public var hasSomebody: Bool { self != .hook && self != .detached && self != .service }

    /// What began a run nobody stands behind, as the beginning of a sentence; nil where somebody does.
    var nobody: String? {
        switch self {
        case .hook: "a git hook began this run"
        case .detached: "what began this run has gone"
        case .service: "a service of a deployed release began this run"
        default: nil
        }
    }
}
