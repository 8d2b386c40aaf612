import CSQLite
import DeployCore
import FoundationEssentials
import Glibc

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

    public let payloadName = "database.sqlite.zst"

    public func create(_ location: DatabaseLocation) throws(DeployError) {
        try LocalFileStore().makeFolder(Self.folder(of: location))
        let connection = try open(location, .create)
        try connection.execute("PRAGMA user_version = 0")
        try protect(location.name)
        try FileSync.file(location.name)
    }

    public func exists(_ location: DatabaseLocation) throws(DeployError) -> Bool {
        access(location.name, F_OK) == 0
    }

    public func size(_ location: DatabaseLocation) -> Int64 {
        ["", "-wal"].reduce(0) { total, suffix in
            var info = stat()
            return stat(location.name + suffix, &info) == 0 ? total + Int64(info.st_size) : total
        }
    }

    /// Copies one snapshot by SQLite's online backup.
    ///
    /// 1. A read transaction on the source fixes the snapshot.
    /// 2. Tables are counted and hashed inside it.
    /// 3. The backup copies all pages in one call through the same connection.
    /// 4. The copy leaves WAL mode, so that it is one file.
    /// 5. When the snapshot is let go, the copy is packed, read back and synced.
    public func backUp(_ location: DatabaseLocation, to payload: String) throws(DeployError)
        -> DatabaseSnapshot
    {
        let packed = self.payload(payload)
        defer { removeFiles(of: packed.plain) }
        let snapshot = try snapshot(of: location, to: packed.plain)
        try packed.pack()
        return snapshot
    }

    private func snapshot(of location: DatabaseLocation, to path: String) throws(DeployError)
        -> DatabaseSnapshot
    {
        removeFiles(of: path)
        let source = try open(location, .readWrite)
        return try source.transaction("BEGIN") { () throws(DeployError) in
            let summary = try SQLiteSummary(source).summarise()
            try copy(source, to: path)
            return DatabaseSnapshot(
                summary: summary, migrations: try Self.recorded(source),
                versions: ["sqlite": SQLiteStateStore.libraryVersion])
        }
    }

    public func restore(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        let packed = self.payload(payload)
        guard try !packed.isPlain() else { return try copyFile(payload, to: location, code: .backupFailed) }
        try LocalFileStore().makeFolder(Self.folder(of: location))
        try packed.unpack(to: location.name)
        try settle(location)
    }

    private func copyFile(
        _ path: String, to location: DatabaseLocation, code: ExitCode
    ) throws(DeployError) {
        let source = try SQLiteConnection(path: path, access: .readOnly, code: code)
        try LocalFileStore().makeFolder(Self.folder(of: location))
        try copy(source, to: location.name)
        try settle(location)
    }

    private func settle(_ location: DatabaseLocation) throws(DeployError) {
        try protect(location.name)
        try FileSync.file(location.name)
        try FileSync.folder(of: location.name)
    }

    private func payload(_ path: String) -> SQLitePayload {
        SQLitePayload(path: path, runner: commands, deadline: packingDeadline)
    }

    public func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary {
        let connection = try open(location, .readWrite)
        return try connection.transaction("BEGIN") { () throws(DeployError) in
            try SQLiteSummary(connection).summarise()
        }
    }

    public func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn] {
        try SQLiteSummary(try open(location, .readWrite)).columns()
    }

    public func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration] {
        try Self.recorded(try open(location, .readWrite))
    }

    public func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError) {
        let connection = try open(location, .readWrite)
        try connection.execute("PRAGMA foreign_keys = OFF")
        if let migrationDeadline { connection.end(in: migrationDeadline) }
        do throws(DeployError) {
            try connection.transaction { () throws(DeployError) in
                try connection.execute(Self.table)
                if try Self.recorded(connection).contains(where: { $0.name == migration.name }) { return }
                try runScript(migration.sql, on: connection)
                try connection.run(
                    "INSERT INTO \(AppliedMigration.table) (name, sha256, applied_at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))",
                    [.text(migration.name), .text(migration.sha256)])
                try refuseBrokenReferences(connection)
            }
        } catch {
            throw DeployError(
                .stepFailed, what: "Migration \(migration.name) fails",
                why: "\(error.why); nothing of it stays",
                next: "fix the file, commit, and run it again")
        }
    }

    public func remove(_ location: DatabaseLocation) throws(DeployError) {
        for suffix in Self.suffixes
        where unlink(location.name + suffix) != 0 && errno != ENOENT {
            throw DeployError(
                .unexpected, what: "Cannot remove \(location.name)\(suffix)",
                why: String(cString: strerror(errno)),
                next: "check owner and permissions of its folder")
        }
    }

    private static let suffixes = ["", "-journal", "-wal", "-shm"]

    private func removeFiles(of path: String) {
        for suffix in Self.suffixes { unlink(path + suffix) }
    }

    public func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation] {
        let (folder, stem) = (Self.folder(of: location), Self.file(of: location) + ".")
        return LocalFileStore().names(in: folder).compactMap { name in
            guard name.hasPrefix(stem), Timestamp(digits: String(name.dropFirst(stem.count))) != nil else {
                return nil
            }
            return DatabaseLocation("\(folder)/\(name)")
        }
    }

    public func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError) {
        try copyFile(source.name, to: copy, code: .stepFailed)
    }

    public func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError) {
        let files = LocalFileStore()
        guard files.kind(of: next.name) != nil else { return }
        if files.kind(of: live.name) != nil { try files.rename(live.name, to: retired.name) }
        try files.rename(next.name, to: live.name)
    }

    /// Nobody outside this process is connected in a way that could be ended: a lock of the file ends with its holder.
    public func endSessions(in location: DatabaseLocation) throws(DeployError) {}

    public func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest {
        CommandRequest(Command("sqlite3", [location.name]))
    }

    private static func folder(of location: DatabaseLocation) -> String {
        location.name.lastIndex(of: "/").map { String(location.name[..<$0]) } ?? "."
    }

    private static func file(of location: DatabaseLocation) -> String {
        location.name.lastIndex(of: "/").map { String(location.name[$0...].dropFirst()) } ?? location.name
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS \(AppliedMigration.table) (
            name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL)
        """

    private static func recorded(_ connection: SQLiteConnection) throws(DeployError) -> [AppliedMigration] {
        let known = try connection.run(
            "SELECT 1 FROM sqlite_schema WHERE name = ?", [.text(AppliedMigration.table)])
        guard !known.isEmpty else { return [] }
        return try connection.run("SELECT name, sha256 FROM \(AppliedMigration.table) ORDER BY name").map {
            AppliedMigration(name: $0[0].text ?? "", sha256: $0[1].text ?? "")
        }
    }

    /// A script that ends its own transaction would leave half of itself behind, so that is denied.
    private func runScript(_ sql: String, on connection: SQLiteConnection) throws(DeployError) {
        guard !sql.utf8.contains(0) else {
            throw refusal("it contains a NUL byte, after which nothing would run")
        }
        sqlite3_set_authorizer(
            connection.handle,
            { _, action, _, _, _, _ in action == SQLITE_TRANSACTION ? SQLITE_DENY : SQLITE_OK }, nil)
        defer { sqlite3_set_authorizer(connection.handle, nil, nil) }
        do throws(DeployError) { try connection.execute(sql) } catch {
            guard sqlite3_errcode(connection.handle) == SQLITE_AUTH else { throw error }
            throw refusal(
                "it contains BEGIN, COMMIT, END or ROLLBACK; every migration runs in one transaction")
        }
    }

    private func refusal(_ why: String) -> DeployError {
        DeployError(.stepFailed, what: "The migration cannot run", why: why, next: "remove it from the file")
    }

    private func refuseBrokenReferences(_ connection: SQLiteConnection) throws(DeployError) {
        guard let broken = try connection.run("PRAGMA foreign_key_check").first else { return }
        throw DeployError(
            .stepFailed, what: "Foreign keys are broken",
            why: "table \(broken[0].text ?? "") refers to a missing row of \(broken[2].text ?? "")",
            next: "fix the file")
    }

    private func copy(_ source: SQLiteConnection, to path: String) throws(DeployError) {
        let target = try SQLiteConnection(path: path, access: .create)
        try protect(path)
        guard let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main") else {
            throw target.failure()
        }
        let status = sqlite3_backup_step(backup, -1)
        let finished = sqlite3_backup_finish(backup)
        guard status == SQLITE_DONE, finished == SQLITE_OK else { throw target.failure() }
        try target.execute("PRAGMA journal_mode = DELETE")
    }

    private func open(
        _ location: DatabaseLocation, _ access: SQLiteConnection.Access
    ) throws(DeployError) -> SQLiteConnection {
        try SQLiteConnection(path: location.name, access: access, code: .stepFailed)
    }

    private func protect(_ path: String) throws(DeployError) {
        guard chmod(path, 0o600) == 0 else {
            throw DeployError(
                .unexpected, what: "Cannot set the permissions of \(path)",
                why: String(cString: strerror(errno)),
                next: "check its owner")
        }
    }
}
