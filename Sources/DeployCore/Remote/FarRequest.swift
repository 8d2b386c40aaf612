/// What the near side says with a command line; never a secret, since everybody on the far machine can read it.
public struct FarRequest: Codable, Hashable, Sendable {
    /// Of the project's repository there: absolute, or relative to the home folder.
    public var folder: String
    /// Where the project lies in its repository: empty, or ended by a slash.
    public var prefix: String
    /// The commit its folder shall be at before anything else; nil for where it is.
    public var commit: String?
    /// What whoever asks is called.
    public var performer: String
    /// What set the run off there.
    public var trigger: Trigger
    /// Whether standard input carries signals, and its end a hang-up.
    public var hasLifeline: Bool

    public init(
        folder: String, prefix: String, commit: String? = nil, performer: String, trigger: Trigger,
        hasLifeline: Bool = false
    ) {
        (self.folder, self.prefix, self.commit) = (folder, prefix, commit)
        (self.performer, self.trigger, self.hasLifeline) = (performer, trigger, hasLifeline)
    }
}

/// What the far side answers before anything is asked of it.
public struct FarGreeting: Codable, Hashable, Sendable {
    public var version: String
    /// Number of the newest migration of the tool's own state that is known there.
    public var schema: Int
    /// Absolute.
    public var folder: String
    /// The commit its folder is at; nil before the first one came.
    public var commit: String?

    public init(version: String, schema: Int, folder: String, commit: String?) {
        (self.version, self.schema, self.folder, self.commit) = (version, schema, folder, commit)
    }
}
