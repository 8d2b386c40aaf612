import FoundationEssentials

/// `manifest.json` beside a backup's payloads: what was taken, from where, and how to prove it.
public struct BackupManifest: Hashable, Codable, Sendable {
    /// One file of the backup.
    public struct Payload: Hashable, Codable, Sendable {
        /// A plain name in the backup's folder.
        public var file: String
        /// Of the file as it lies there, packed and perhaps encrypted.
        public var digest: FileDigest
        /// Those who can open it; nil for a plain file.
        var recipients: [String]?

        init(file: String, digest: FileDigest, recipients: [String]? = nil) {
            self.file = file
            self.digest = digest
            self.recipients = recipients
        }
    }

    /// The application's database.
    public struct Database: Hashable, Codable, Sendable {
        /// The database it was taken from, as its engine names it.
        public var source: String
        public var payload: Payload
        /// Taken in the same snapshot as the payload.
        public var summary: DatabaseSummary
        public var migrations: [AppliedMigration]
        /// Server and clients that took it, by name.
        public var versions: [String: String]?
        /// Bytes of the payload when it is unpacked; nil where the engine unpacks it itself, and in older backups.
        var unpacked: Int64?

        init(
            source: String, payload: Payload, summary: DatabaseSummary, migrations: [AppliedMigration],
            versions: [String: String]? = nil, unpacked: Int64? = nil
        ) {
            self.source = source
            self.payload = payload
            self.summary = summary
            self.migrations = migrations
            self.versions = versions
            self.unpacked = unpacked
        }
    }

    /// A shared folder of the application.
    public struct Folder: Hashable, Codable, Sendable {
        /// Relative to the environment's shared folder.
        public var name: String
        var archive: Payload
        /// One line per file, link and folder, with its SHA-256.
        public var listing: Payload
        /// Files and links; folders do not count.
        public var files: Int
        /// Of all files together.
        public var bytes: Int64

        init(name: String, archive: Payload, listing: Payload, files: Int, bytes: Int64) {
            self.name = name
            self.archive = archive
            self.listing = listing
            self.files = files
            self.bytes = bytes
        }
    }

    /// Of the manifest itself; the first knew one payload.
    public var schemaVersion = 2
    public var timestamp: Timestamp
    public var project: String
    /// Whose data it holds.
    public var environment: String
    /// The release that was current; nil where nothing was deployed yet.
    public var release: Timestamp?
    /// When the run that took it began the copy.
    public var takenAt: Date
    /// nil where the application has none.
    public var database: Database?
    /// In the order of the definition.
    public var folders: [Folder]

    init(
        timestamp: Timestamp, project: String, environment: String, release: Timestamp?, takenAt: Date,
        database: Database?, folders: [Folder] = []
    ) {
        self.timestamp = timestamp
        self.project = project
        self.environment = environment
        self.release = release
        self.takenAt = takenAt
        self.database = database
        self.folders = folders
    }

    /// The name under which it lies beside the payloads.
    static let fileName = "manifest.json"

    /// Every file of the backup but the manifest itself.
    var payloads: [Payload] {
        (database.map { [$0.payload] } ?? []) + folders.flatMap { [$0.archive, $0.listing] }
    }

    /// A payload whose name is none of a file in the backup's own folder, or is there twice; nil when all are good.
    var misnamed: String? {
        var known: Set<ByteText> = [ByteText(Self.fileName)]
        return payloads.map(\.file).first { name in
            !Path.isName(name) || name.begins(with: "-") || !known.insert(ByteText(name)).inserted
        }
    }

    /// Whether it holds a database in which only the tool's own record of migrations is.
    var hasNoTable: Bool {
        database.map { !$0.summary.tables.contains { $0.name != AppliedMigration.table } } ?? false
    }

    /// Of all payloads together.
    public var bytes: Int64 { payloads.reduce(0) { $0 + $1.digest.bytes } }

    /// What it holds, in words.
    public var contents: String {
        let data = database.map { "\($0.summary.tables.count) tables, \($0.summary.rows) rows" }
        return ((data.map { [$0] } ?? []) + folders.map { "\($0.files) files of \($0.name)" })
            .joined(separator: ", ")
    }
}

/// Manifests of the first version, which knew one payload.
extension BackupManifest {
    private enum FirstVersion: String, CodingKey { case source, payload, summary, migrations }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try values.decode(Int.self, forKey: .schemaVersion)
        timestamp = try values.decode(Timestamp.self, forKey: .timestamp)
        project = try values.decode(String.self, forKey: .project)
        environment = try values.decode(String.self, forKey: .environment)
        release = try values.decodeIfPresent(Timestamp.self, forKey: .release)
        takenAt = try values.decode(Date.self, forKey: .takenAt)
        guard schemaVersion == 1 else {
            database = try values.decodeIfPresent(Database.self, forKey: .database)
            folders = try values.decode([Folder].self, forKey: .folders)
            return
        }
        let first = try decoder.container(keyedBy: FirstVersion.self)
        database = Database(
            source: try first.decode(String.self, forKey: .source),
            payload: try first.decode(Payload.self, forKey: .payload),
            summary: try first.decode(DatabaseSummary.self, forKey: .summary),
            migrations: try first.decode([AppliedMigration].self, forKey: .migrations))
        folders = []
    }
}
