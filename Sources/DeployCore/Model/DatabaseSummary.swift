/// What a backup's payload holds, observed in the same snapshot.
public struct DatabaseSnapshot: Hashable, Codable, Sendable {
    public var summary: DatabaseSummary
    public var migrations: [AppliedMigration]
    /// Server and clients that took it, by name.
    public var versions: [String: String]
    /// Bytes of the payload when it is unpacked; nil where the engine unpacks it itself.
    public var unpacked: Int64?
    /// Of the payload; nil where it was not read.
    public var payload: FileDigest?

    public init(
        summary: DatabaseSummary, migrations: [AppliedMigration], versions: [String: String] = [:],
        unpacked: Int64? = nil, payload: FileDigest? = nil
    ) {
        self.summary = summary
        self.migrations = migrations
        self.versions = versions
        self.unpacked = unpacked
        self.payload = payload
    }
}

/// What is in a database, for comparing a copy with its source.
public struct DatabaseSummary: Hashable, Codable, Sendable {
    /// One table: how many rows, and a digest of them.
    public struct Table: Hashable, Codable, Sendable {
        public var name: String
        /// Counted, not estimated.
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
    /// Indexes, views, triggers, routines, events and sequences by kind.
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
        if objects != other.objects { found.append("indexes, views, triggers or routines differ in number") }
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
