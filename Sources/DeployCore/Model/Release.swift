import FoundationEssentials

/// An immutable, named build that can be deployed; made once, by a staging deployment.
public struct Release: Hashable, Codable, Sendable {
    public var timestamp: Timestamp
    public var commit: String
    public var branch: String
    /// First line of the commit's message; foreign text.
    public var subject: String
    /// Digest of the folder as built; what production must run, byte for byte.
    public var digest: String
    public var performer: String
    public var createdAt: Date

    public init(
        timestamp: Timestamp, commit: String, branch: String, subject: String, digest: String,
        performer: String, createdAt: Date
    ) {
        self.timestamp = timestamp
        self.commit = commit
        self.branch = branch
        self.subject = subject
        self.digest = digest
        self.performer = performer
        self.createdAt = createdAt
    }

    /// The first eight digits.
    var shortCommit: String { String(commit.prefix(8)) }
}
