import DeployCore
import FoundationEssentials

/// What is known of one backup.
struct BackupAnswer: Encodable, Sendable {
    let timestamp: Timestamp
    let environment: String
    @OrNull var release: Timestamp?
    let bytes: Int64
    let sha256: String
    let verified: String
    /// The release a rollback would pair it with.
    @OrNull var protects: Timestamp?
    let createdAt: Date
    @OrNull var restoreSeconds: Double?
    /// Why it is never pruned.
    @OrNull var pinned: String?
    /// When it was last proved by restoring it.
    @OrNull var provedAt: Date?
    /// Whether it lies elsewhere too: `no`, `copied` or `verified`.
    let copied: String
    /// Whether it is past its retention and stays only because no copy exists.
    let awaitsCopy: Bool
    /// The program and recipients of one that nobody here can open.
    @OrNull var needsKey: String?

    init(_ backup: Backup, protects: Timestamp?, awaitsCopy: Bool, needsKey: String?) {
        timestamp = backup.timestamp
        environment = backup.environment
        release = backup.release
        bytes = backup.bytes
        sha256 = backup.sha256
        verified = backup.verified.rawValue
        self.protects = protects
        createdAt = backup.createdAt
        restoreSeconds = backup.restoreSeconds
        pinned = backup.pinned
        provedAt = backup.provedAt
        copied = backup.copied.rawValue
        self.awaitsCopy = awaitsCopy
        self.needsKey = needsKey
    }
}
