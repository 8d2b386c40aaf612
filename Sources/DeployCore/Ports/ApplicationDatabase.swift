/// The application's database engine, addressed by location so that scratch copies work like the live one.
public protocol ApplicationDatabase: Sendable {
    /// Makes an empty database at a location where none is.
    func create(_ location: DatabaseLocation) throws(DeployError)
    func exists(_ location: DatabaseLocation) -> Bool
    /// Bytes the database takes; 0 when there is none.
    func size(_ location: DatabaseLocation) -> Int64
    /// Copies a consistent snapshot to the new file `payload` while others read and write, and
    /// summarises that very snapshot.
    func backUp(_ location: DatabaseLocation, to payload: String) throws(DeployError) -> DatabaseSummary
    /// Builds a new database at `location` from a payload, durable when it returns.
    func restore(_ payload: String, to location: DatabaseLocation) throws(DeployError)
    /// Row counts and content hashes of every table, and the schema.
    func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary
    /// Names and checksums of the migrations recorded in the database, in order.
    func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration]
    /// Runs one migration and records it, both in one transaction.
    func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError)
    /// Removes a database that nothing uses.
    func remove(_ location: DatabaseLocation) throws(DeployError)
}

/// Where one database is: for SQLite an absolute file path.
public struct DatabaseLocation: Hashable, Codable, Sendable {
    public let path: String

    public init(path: String) { self.path = path }
}

/// What is in a database, for comparing a copy with its source.
public struct DatabaseSummary: Hashable, Codable, Sendable {
    /// One table: how many rows, and a digest of them.
    public struct Table: Hashable, Codable, Sendable {
        public var name: String
        public var rows: Int64
        /// Hash of every row's content, independent of the order they are stored in.
        public var digest: String

        public init(name: String, rows: Int64, digest: String) {
            self.name = name
            self.rows = rows
            self.digest = digest
        }
    }

    public var engine: String
    /// Sorted by name.
    public var tables: [Table]
    /// Indexes, views and triggers by kind.
    public var objects: [String: Int]
    /// Hash of the schema's definitions.
    public var schema: String

    public init(engine: String, tables: [Table], objects: [String: Int], schema: String) {
        self.engine = engine
        self.tables = tables
        self.objects = objects
        self.schema = schema
    }

    /// What differs from `other`, in words; empty when the two hold the same.
    public func differences(from other: DatabaseSummary) -> [String] {
        var found: [String] = []
        let (mine, theirs) = (tables.byName, other.tables.byName)
        for key in Set(mine.keys).union(theirs.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let name = String(decoding: key, as: UTF8.self)
            switch (mine[key], theirs[key]) {
            case (let left?, let right?) where left.rows != right.rows:
                found.append("table \(name) has \(left.rows) rows instead of \(right.rows)")
            case (let left?, let right?) where left.digest != right.digest:
                found.append("table \(name) has other content")
            case (nil, _?): found.append("table \(name) is missing")
            case (_?, nil): found.append("table \(name) is not expected")
            default: break
            }
        }
        if objects != other.objects { found.append("indexes, views or triggers differ in number") }
        if tables.count != other.tables.count && found.isEmpty { found.append("a table is named twice") }
        if schema != other.schema && found.isEmpty { found.append("the schema differs") }
        return found
    }
}

extension [DatabaseSummary.Table] {
    /// By the name's bytes: to a database two names are different that Swift calls equal, and a
    /// manifest may hold anything.
    fileprivate var byName: [[UInt8]: DatabaseSummary.Table] {
        Dictionary(map { ([UInt8]($0.name.utf8), $0) }) { first, _ in first }
    }
}

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

    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    public var sha256: String { SHA256.hexadecimal(of: sql) }
}
