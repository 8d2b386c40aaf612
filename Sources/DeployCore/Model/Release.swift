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
    /// Whose account made it; nil where an earlier version recorded it.
    public var who: Who?
    public var createdAt: Date

    public init(
        timestamp: Timestamp, commit: String, branch: String, subject: String, digest: String,
        performer: String, who: Who? = nil, createdAt: Date
    ) {
        self.timestamp = timestamp
        self.commit = commit
        self.branch = branch
        self.subject = subject
        self.digest = digest
        self.performer = performer
        self.who = who
        self.createdAt = createdAt
    }

    /// Whether whoever signed made it; by name where an earlier version recorded one of the two.
    func isMade(by performer: String, _ who: Who?) -> Bool {
        if let made = self.who, let who { made.isSamePerson(as: who) } else { self.performer == performer }
    }

    /// The first eight digits.
    var shortCommit: String { String(commit.prefix(8)) }
}
