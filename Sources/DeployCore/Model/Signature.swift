import FoundationEssentials

/// A person's signature under a checklist item or a whole release, bound to what it was given for.
public struct Signature: Hashable, Codable, Sendable {
    /// The item that stands for the release itself.
    static let wholeRelease = "release"

    public var release: Timestamp
    public var releaseDigest: String
    /// Of the definitions of both environments.
    public var definitionDigest: String
    public var item: String
    public var performer: String
    /// Whose account it was; nil where an earlier version recorded it.
    public var who: Who?
    public var approvedAt: Date

    public init(
        release: Timestamp, releaseDigest: String, definitionDigest: String, item: String, performer: String,
        who: Who? = nil, approvedAt: Date
    ) {
        self.release = release
        self.releaseDigest = releaseDigest
        self.definitionDigest = definitionDigest
        self.item = item
        self.performer = performer
        self.who = who
        self.approvedAt = approvedAt
    }

    /// SHA-256 of all of it, 64 hexadecimal digits: what the audit log knows it by.
    func digest() throws(DeployError) -> String {
        let parts = [
            "deployctl signature 1", release.description, releaseDigest, definitionDigest, item, performer,
            try JSON.text(who), "\(approvedAt.timeIntervalSince1970)",
        ]
        return SHA256.hexadecimal(of: parts.map { "\($0.utf8.count):\($0)," }.joined())
    }
}

/// Somebody's word, or a rollback's, that a release may not be promoted.
public struct Veto: Hashable, Codable, Sendable {
    public var release: Timestamp
    public var performer: String
    public var reason: String
    public var since: Date

    public init(release: Timestamp, performer: String, reason: String, since: Date) {
        self.release = release
        self.performer = performer
        self.reason = reason
        self.since = since
    }
}
