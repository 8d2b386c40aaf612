import DeployCore

/// SQLite as the application's database, through the library's own online backup.
public struct SQLiteApplicationDatabase: ApplicationDatabase {
    private let commands: any CommandRunner
    private let packingDeadline: Duration
    private let migrationDeadline: Duration?

    /// `packingDeadline` is how long the compressor may take for one backup, `migrationDeadline` how long one migration.
    public init(
        commands: any CommandRunner, packingDeadline: Duration = .seconds(6 * 3600),
        migrationDeadline: Duration? = nil
    ) {
        self.commands = commands
        self.packingDeadline = packingDeadline
        self.migrationDeadline = migrationDeadline
    }

    private func payload(_ path: String) -> SQLitePayload {
        SQLitePayload(path: path, runner: commands, deadline: packingDeadline)
    }

    private func migrations(_ location: DatabaseLocation) -> SQLiteMigrations {
        SQLiteMigrations(path: location.name, deadline: migrationDeadline)
    }
}

extension SQLiteApplicationDatabase {
    public func create(_ location: DatabaseLocation) throws(DeployError) {
        try SQLiteFile(path: location.name).create()
    }

    public func reach(_ location: DatabaseLocation) throws(DeployError) -> DatabaseReach {
        SQLiteFile(path: location.name).isThere ? .there : .missing
    }

    public func size(_ location: DatabaseLocation) -> Int64 { SQLiteFile(path: location.name).size }

    public func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation] {
        SQLiteFile(path: location.name).siblings.map { DatabaseLocation($0) }
    }

    public func remove(_ location: DatabaseLocation) throws(DeployError) {
        try SQLiteFile(path: location.name).remove()
    }

    public func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError) {
        try SQLiteCopy(source: source.name, code: .stepFailed).run(to: copy.name)
    }

    public func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError) {
        try SQLiteSwap(live: live.name, next: next.name, retired: retired.name).run()
    }

    /// Nobody outside this process is connected in a way that could be ended: a lock of the file ends with its holder.
    public func endSessions(in location: DatabaseLocation) throws(DeployError) {}

    /// A view or trigger of the application's must not call what starts programs, such as `edit`.
    public func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest {
        CommandRequest(Command("sqlite3", ["-cmd", "PRAGMA trusted_schema=OFF", location.name]))
    }
}

extension SQLiteApplicationDatabase {
    public var payloadName: String { "database.sqlite.zst" }

    public func backUp(_ location: DatabaseLocation, to payload: String, readingBack: Bool)
        throws(DeployError) -> DatabaseSnapshot
    {
        try SQLiteBackup(path: location.name, payload: self.payload(payload), readingBack: readingBack).take()
    }

    public func restoreAndSummarise(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?, being digest: FileDigest?
    ) throws(DeployError) -> DatabaseSummary {
        try SQLiteRestore(payload: self.payload(payload), most: most, digest: digest)
            .summary(at: location.name)
    }

    public var checksWhatItReads: Bool { true }

    public func restore(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?
    ) throws(DeployError) {
        try SQLiteRestore(payload: self.payload(payload), most: most).run(to: location.name)
    }

    public func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary {
        try SQLiteSummary.take(of: location.name)
    }

    public func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn] {
        try SQLiteColumns(path: location.name).list()
    }

    public func definitions(of location: DatabaseLocation) throws(DeployError) -> [(
        table: String, text: String
    )] {
        try SQLiteTableDefinitions(path: location.name).list()
    }

    public func lighten(_ location: DatabaseLocation, by tables: [String]) throws(DeployError) {
        try SQLiteUntouchedRows(path: location.name).remove(from: tables)
    }

    public func compact(_ location: DatabaseLocation) throws(DeployError) {
        try SQLiteFile(path: location.name).compact()
    }
}

extension SQLiteApplicationDatabase {
    public func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration] {
        try migrations(location).recorded()
    }

    public func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError) {
        try migrations(location).apply(migration)
    }

    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        try SQLiteScript(path: location.name).run(file)
    }

    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        try SQLiteMasking(masked: masked.name, original: original.name).compare(columns)
    }
}
