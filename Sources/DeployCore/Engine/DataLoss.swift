/// What going back to a backup would lose, table by table; pure.
public enum DataLoss {
    /// One sentence for people; what comes back equal is not mentioned.
    public static func sentences(now: DatabaseSummary, then: DatabaseSummary) -> [String] {
        let before = Dictionary(then.tables.map { ($0.name, $0) }) { first, _ in first }
        let changes = now.tables.filter { $0.name != AppliedMigration.table }.compactMap { table -> String? in
            guard let old = before[table.name] else { return "\(table.name) (new table, \(table.rows) rows)" }
            if table.rows != old.rows {
                return "\(table.name) \(table.rows > old.rows ? "+" : "")\(table.rows - old.rows) rows"
            }
            return table.digest == old.digest ? nil : "\(table.name) (rows changed)"
        }
        return changes.isEmpty
            ? ["nothing was written since"] : ["lost, written since: \(changes.joined(separator: ", "))"]
    }

    /// Tables with rows that go, or get their old content.
    public static func tables(now: DatabaseSummary, then: DatabaseSummary) -> [String] {
        let before = Dictionary(then.tables.map { ($0.name, $0) }) { first, _ in first }
        return now.tables.filter { table in
            guard table.name != AppliedMigration.table else { return false }
            return before[table.name].map { $0 != table } ?? (table.rows > 0)
        }.map(\.name)
    }

    /// Whether files go, or get their old content.
    public static func loses(now: FolderContent, then: FolderContent) -> Bool {
        let changes = now.bySize.changes(since: then.bySize)
        return !changes.added.isEmpty || !changes.changed.isEmpty
    }

    /// The same for a folder, by names and sizes.
    public static func sentences(folder: String, now: FolderContent, then: FolderContent) -> [String] {
        let changes = now.bySize.changes(since: then.bySize)
        let counted = [
            (changes.added.count, "that came since go"), (changes.removed.count, "come back"),
            (changes.changed.count, "of another size get their old content"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return [
            "\(folder): \(counted.isEmpty ? "the same names and sizes" : counted.joined(separator: ", "))"
        ]
    }
}

extension FolderContent {
    /// Without digests and modes.
    fileprivate var bySize: FolderContent {
        FolderContent(
            entries: entries.filter { $0.kind != .folder }.map { entry in
                guard case .file(let bytes, _) = entry.kind else { return entry }
                return Entry(path: entry.path, kind: .file(bytes: bytes, sha256: ""), mode: 0)
            })
    }
}
