/// One column as a database declares it.
public struct TableColumn: Hashable, Codable, Sendable {
    public var table: String
    public var name: String
    /// In the engine's words, with `NOT NULL` where it is.
    public var type: String

    public init(table: String, name: String, type: String) {
        (self.table, self.name, self.type) = (table, name, type)
    }
}

/// What became of one column.
public struct ColumnChange: Hashable, Codable, Sendable {
    public var table: String
    public var column: String
    /// Its type before; nil for one that is new.
    public var before: String?
    /// Its type now; nil for one that is gone.
    public var after: String?

    init(table: String, column: String, before: String?, after: String?) {
        (self.table, self.column, self.before, self.after) = (table, column, before, after)
    }

    /// In words, as `column item.colour added (varchar(20))`.
    public var sentence: String {
        let name = "column \(table).\(column)"
        switch (before, after) {
        case (nil, let type?): return "\(name) added (\(type))"
        case (let type?, nil): return "\(name) removed (\(type))"
        default: return "\(name) \(before ?? "") → \(after ?? "")"
        }
    }

    /// Sorted by table and column; without the records of migrations.
    public static func between(_ before: [TableColumn], _ after: [TableColumn]) -> [ColumnChange] {
        let (old, new) = (before.byName, after.byName)
        let names = Set(old.keys).union(new.keys).sorted { $0.lexicographicallyPrecedes($1) }
        return names.compactMap { name in
            guard let column = new[name] ?? old[name], old[name]?.type != new[name]?.type else { return nil }
            return ColumnChange(
                table: column.table, column: column.name, before: old[name]?.type, after: new[name]?.type)
        }
    }
}

extension [TableColumn] {
    /// By the bytes of both names: to a database two are different that Swift calls equal.
    fileprivate var byName: [[UInt8]: TableColumn] {
        let own = filter { $0.table.split(at: ".").last != AppliedMigration.table[...] }
        let named = own.map { column -> ([UInt8], TableColumn) in
            ([UInt8]("\(column.table)\0\(column.name)".utf8), column)
        }
        return Dictionary(named) { first, _ in first }
    }
}
