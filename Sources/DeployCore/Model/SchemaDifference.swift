/// In which tables and columns one database's schema differs from another's.
public struct SchemaDifference: Hashable, Sendable {
    /// Tables that only the second one has, sorted.
    public var addedTables: [String]
    /// Tables that only the first one has, sorted.
    public var removedTables: [String]
    /// Of tables both have, sorted by table and column.
    public var columns: [ColumnChange]

    public var isEmpty: Bool { addedTables.isEmpty && removedTables.isEmpty && columns.isEmpty }

    /// What leads from `before` to `after`; the records of migrations are no part of a schema.
    init(from before: [TableColumn], to after: [TableColumn]) {
        let (old, new) = (Set(before.map(\.tableBytes)), Set(after.map(\.tableBytes)))
        let changes = ColumnChange.between(before, after)
        addedTables = Self.tables(changes, missingIn: old)
        removedTables = Self.tables(changes, missingIn: new)
        columns = changes.filter { old.contains($0.tableBytes) && new.contains($0.tableBytes) }
    }

    private static func tables(_ changes: [ColumnChange], missingIn tables: Set<[UInt8]>) -> [String] {
        var found: [String] = []
        for change in changes where !tables.contains(change.tableBytes) {
            if found.last.map({ Array($0.utf8) }) != change.tableBytes { found.append(change.table) }
        }
        return found
    }
}

extension TableColumn {
    fileprivate var tableBytes: [UInt8] { Array(table.utf8) }
}

extension ColumnChange {
    /// To a database two names are different that Swift calls equal.
    fileprivate var tableBytes: [UInt8] { Array(table.utf8) }
}
