/// A command line on its way to the machine that serves.
///
/// It goes over standard input into a private file there: reasons and the words of programs may be secrets, and everybody on
/// either machine reads what stands on a command line.
public struct FarRequest: Codable, Hashable, Sendable {
    /// Without the program's name and the project's folder.
    public var words: [String]
    /// Where the project lies in its repository: empty, or ended by a slash.
    public var prefix: String
    /// The commit that the words are about; nil for the one its folder is at.
    public var commit: String?
    /// What whoever asks is called.
    public var performer: String
    /// What the run may do there; a hook for all that nobody stands behind, which every version refuses alike.
    public var trigger: Trigger
    /// What set it off there, where that is more than `trigger` says; nil from a version that does not tell.
    public var origin: Trigger?
    /// Whether standard input carries signals, and its end a hang-up.
    public var hasLifeline: Bool
    /// What the machine that serves is called where it was typed; nil from a version that does not say so.
    public var host: String?
    /// Whether that name has to be typed with each command.
    public var isHostTyped: Bool?

    /// What a release that is built is called, where no younger name is taken there; nil for the time of day there.
    public var release: Timestamp?

    /// What this machine is called in "host", by the word of a person; nil where it is another's, or nobody says it.
    public var machine: String? { trigger == .agent ? nil : host }

    public init(
        words: [String], prefix: String, commit: String? = nil, performer: String, trigger: Trigger,
        hasLifeline: Bool = false
    ) {
        (self.words, self.prefix, self.commit) = (words, prefix, commit)
        (self.performer, self.trigger, self.hasLifeline) = (performer, trigger, hasLifeline)
    }
}

/// What the far side answers to a request before it is run.
public struct FarGreeting: Codable, Hashable, Sendable {
    public var version: String
    /// Number of the newest migration of the tool's own state that is known there.
    public var schema: Int
    /// Absolute.
    public var folder: String
    /// The commit its folder is at; nil before the first one came.
    public var commit: String?
    /// What the request is called there; nil from a version that takes none.
    public var request: String?

    public init(version: String, schema: Int, folder: String, commit: String?, request: String?) {
        (self.version, self.schema, self.folder) = (version, schema, folder)
        (self.commit, self.request) = (commit, request)
    }
}

/// What became of a request.
public enum FarEnding: Codable, Hashable, Sendable {
    /// It was not begun, and will not be.
    case withdrawn
    /// It is still run.
    case running
    /// It ended with this exit code, and said this of it; nil where nothing went wrong.
    case ended(Int32, DeployError? = nil)
    /// It was begun and ended without leaving a code.
    case unknown
}
