import FoundationEssentials

/// A complete backup in the environment's backup folder.
public struct Backup: Hashable, Codable, Sendable {
    /// How a backup was proved.
    public enum Verified: String, CaseIterable, Codable, Sendable {
        /// Restored into a scratch database and found equal to its source.
        case restored
        /// Only its checksum was compared.
        case checksum
        case no
    }

    /// How far a backup was copied off the machine.
    public enum Copied: String, CaseIterable, Codable, Sendable {
        case no
        /// The project's own command said so.
        case copied
        /// Fetched back and found equal.
        case verified
    }

    public var timestamp: Timestamp
    /// Whose data it holds.
    public var environment: String
    /// The run that took it.
    public var deployment: Timestamp?
    /// The release that was current when it was taken; what a rollback pairs it with.
    public var release: Timestamp?
    /// Of all payloads together.
    public var bytes: Int64
    /// Digest of the manifest, which holds the payloads' digests.
    public var sha256: String
    public var verified: Verified
    /// How long the proof took to restore it.
    public var restoreSeconds: Double?
    /// When its folder became visible.
    public var createdAt: Date
    /// Why it is never pruned; nil for one that is not pinned.
    public var pinned: String?
    /// When it was last proved by restoring it, whatever came out; nil for never.
    public var provedAt: Date?
    /// When somebody last tried to prove it, even where it could not be looked at; nil for never.
    public var triedAt: Date?
    /// Whether it lies anywhere else.
    public var copied: Copied

    /// What a person does when it is spoilt or gone, but a copy of it was made; nil when none was.
    public func wayBack(to folder: String) -> String? {
        copied == .no
            ? nil
            : "bring its copy back to \(folder), then deployctl backup verify \(environment) \(timestamp)"
    }

    public init(
        timestamp: Timestamp, environment: String, deployment: Timestamp?, release: Timestamp?,
        bytes: Int64, sha256: String, verified: Verified, restoreSeconds: Double?, createdAt: Date,
        pinned: String? = nil, provedAt: Date? = nil, triedAt: Date? = nil, copied: Copied = .no
    ) {
        self.timestamp = timestamp
        self.environment = environment
        self.deployment = deployment
        self.release = release
        self.bytes = bytes
        self.sha256 = sha256
        self.verified = verified
        self.restoreSeconds = restoreSeconds
        self.createdAt = createdAt
        self.pinned = pinned
        self.provedAt = provedAt
        self.triedAt = triedAt ?? provedAt
        self.copied = copied
    }
}
