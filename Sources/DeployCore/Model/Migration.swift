/// A migration as recorded in the application's database.
public struct AppliedMigration: Hashable, Codable, Sendable {
    /// Where SQL engines keep these records, so that they travel with the data.
    public static let table = "deployctl_migration"

    public var name: String
    public var sha256: String

    public init(name: String, sha256: String) {
        self.name = name
        self.sha256 = sha256
    }
}

/// A migration as found in the release.
public struct MigrationFile: Hashable, Codable, Sendable {
    public var name: String
    public var sql: String

    init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    public var sha256: String { SHA256.hexadecimal(of: sql) }
}
