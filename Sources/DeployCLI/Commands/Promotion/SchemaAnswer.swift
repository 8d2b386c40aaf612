import DeployCore

/// In what two schemas differ, for programs and for people.
struct SchemaAnswer: Encodable, Sendable {
    let tablesAdded: [String]
    let tablesRemoved: [String]
    let columns: [ColumnAnswer]

    init(_ difference: SchemaDifference) {
        tablesAdded = difference.addedTables
        tablesRemoved = difference.removedTables
        columns = difference.columns.map(ColumnAnswer.init)
    }

    /// As a difference is written: `+` what comes, `-` what goes, `~` what becomes something else.
    var lines: [String] {
        tablesAdded.map { "+ table \($0)" } + tablesRemoved.map { "- table \($0)" } + columns.map(\.line)
    }
}

/// What became of one column.
struct ColumnAnswer: Encodable, Sendable {
    let table: String
    let column: String
    /// Types; null where the column was not or is no more.
    @OrNull var before: String?
    @OrNull var after: String?

    init(_ change: ColumnChange) {
        table = change.table
        column = change.column
        before = change.before
        after = change.after
    }

    fileprivate var line: String {
        let name = "column \(table).\(column)"
        switch (before, after) {
        case (nil, let type?): return "+ \(name) \(type)"
        case (let type?, nil): return "- \(name) \(type)"
        default: return "~ \(name) \(before ?? "") → \(after ?? "")"
        }
    }
}
