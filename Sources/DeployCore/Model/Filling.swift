/// What fills a database that each deployment makes anew, before the migrations.
enum Filling: Hashable, Codable, Sendable {
    /// A SQL file of the release.
    case file(String)
    /// Another environment's newest proved backup.
    case backup(MaskedCopy)
}

/// Another environment's data, changed so that nobody's own is in it.
struct MaskedCopy: Hashable, Codable, Sendable {
    /// Whose backup it is.
    var environment: String
    /// SQL files of the release, in the order they run.
    var mask: [String]
    /// Columns no value of which may survive; empty when the data is to come as it is.
    var columns: [ColumnName]
}

/// The backup a fresh database is filled from.
public struct BackupSource: Hashable, Codable, Sendable {
    /// Whose backup it is.
    public var environment: String
    public var backup: Timestamp
    /// Absolute path of the backup's folder.
    public var folder: String
    /// Digest of its manifest, as recorded when it was proved.
    public var digest: String
    /// How that environment's backups are opened; nil when they lie in the open.
    var encryption: Environment.BackupRules.Encryption?

    init(
        environment: String, backup: Timestamp, folder: String, digest: String,
        encryption: Environment.BackupRules.Encryption? = nil
    ) {
        self.environment = environment
        self.backup = backup
        self.folder = folder
        self.digest = digest
        self.encryption = encryption
    }
}
