import DeployCore

/// Applies migrations, each in one transaction with its record.
struct SQLiteMigrations {
    let path: String
    /// How long one may take; nil: as long as it needs.
    let deadline: Duration?

    func recorded() throws(DeployError) -> [AppliedMigration] { try Self.recorded(open()) }

    static func recorded(_ connection: SQLiteConnection) throws(DeployError) -> [AppliedMigration] {
        let known = try connection.run(
            "SELECT 1 FROM sqlite_schema WHERE name = ?", [.text(AppliedMigration.table)])
        guard !known.isEmpty else { return [] }
        return try connection.run("SELECT name, sha256 FROM \(AppliedMigration.table) ORDER BY name").map {
            AppliedMigration(name: $0[0].text ?? "", sha256: $0[1].text ?? "")
        }
    }

    func apply(_ migration: MigrationFile) throws(DeployError) {
        let connection = try open()
        try connection.execute("PRAGMA foreign_keys = OFF")
        if let deadline { connection.end(in: deadline) }
        do throws(DeployError) {
            try connection.transaction { () throws(DeployError) in
                try connection.execute(Self.table)
                if try Self.recorded(connection).contains(where: { $0.name == migration.name }) { return }
                try SQLiteFence.run(migration.sql, on: connection, transactions: false)
                try connection.run(
                    "INSERT INTO main.\(AppliedMigration.table) (name, sha256, applied_at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))",
                    [.text(migration.name), .text(migration.sha256)])
                if let broken = try SQLiteScript.brokenReference(connection) {
                    throw DeployError(
                        .stepFailed, what: "Foreign keys are broken", why: broken, next: "fix the file")
                }
            }
        } catch {
            throw DeployError(
                .stepFailed, what: "Migration \(migration.name) fails",
                why: "\(error.why); nothing of it stays",
                next: "fix the file, commit, and run it again")
        }
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS \(AppliedMigration.table) (
            name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL)
        """

    private func open() throws(DeployError) -> SQLiteConnection {
        try SQLiteFence.open(path, .readWrite)
    }
}
