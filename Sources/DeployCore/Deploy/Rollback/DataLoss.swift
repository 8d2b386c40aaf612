/// What going back to a backup would lose, table by table; pure.
enum DataLoss {
    /// What goes and what comes back, for people; what is equal is not mentioned.
    ///
    /// Rows are counted, so a table is said to lose as many as it has more now. After a migration a table may differ
    /// in its columns alone.
    static func sentences(
        now: DatabaseSummary, then: DatabaseSummary, migrated: Bool = false
    ) -> [String] {
        let before = byName(then)
        let lost = now.tables.filter { $0.name != AppliedMigration.table }.compactMap { table -> String? in
            guard let old = before[table.name] else {
                return "\(table.name) (new table, \(rows(table.rows)))"
            }
            if table.rows > old.rows { return "\(table.name) +\(rows(table.rows - old.rows))" }
            guard table.rows == old.rows, table.digest != old.digest else { return nil }
            if table.name.begins(with: "sequence ") { return "\(table.name) (moved on)" }
            return "\(table.name) (rows\(migrated ? " or columns" : "") changed)"
        }
        let sentences = [
            ("lost, written since", lost),
            ("replaced, and what was written to it since is lost", replaced(now, before)),
            ("restored, removed since", removed(now, then)),
        ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
        return sentences.isEmpty ? ["nothing was written since"] : sentences
    }

    /// That rows are fewer now does not mean that none was written.
    private static func replaced(
        _ now: DatabaseSummary, _ before: [String: DatabaseSummary.Table]
    ) -> [String] {
        now.tables.compactMap { table in
            guard table.name != AppliedMigration.table, let old = before[table.name], table.rows < old.rows
            else { return nil }
            return "\(table.name) \(table.rows) → \(rows(old.rows))"
        }
    }

    private static func removed(_ now: DatabaseSummary, _ then: DatabaseSummary) -> [String] {
        let after = byName(now)
        return then.tables.filter { $0.name != AppliedMigration.table && after[$0.name] == nil }
            .map { "\($0.name) (table, \(rows($0.rows)))" }
    }

    private static func byName(_ summary: DatabaseSummary) -> [String: DatabaseSummary.Table] {
        Dictionary(summary.tables.map { ($0.name, $0) }) { first, _ in first }
    }

    private static func rows(_ count: Int64) -> String { "\(count) row\(count == 1 ? "" : "s")" }

    /// What `sentences` say, in a few words for each kind of loss.
    static func stake(now: DatabaseSummary, then: DatabaseSummary) -> [String] {
        let before = byName(then)
        let changed = now.tables.filter { table in
            table.name != AppliedMigration.table && !table.name.begins(with: "sequence ")
                && (before[table.name].map { $0 != table } ?? (table.rows > 0))
        }
        let grown = changed.filter { $0.rows > before[$0.name]?.rows ?? 0 }
        let added = grown.reduce(0) { $0 + $1.rows - (before[$1.name]?.rows ?? 0) }
        return [
            grown.isEmpty ? nil : "\(rows(added)) of \(named(grown))",
            changed.count == grown.count
                ? nil : "changes to \(named(changed.filter { !grown.contains($0) }))",
        ].compactMap(\.self)
    }

    /// `loses 2 rows of notes, undoes V0003`.
    static func stake(losing lost: [String], undoing migrations: [String]) -> String {
        let undone =
            migrations.count == 1
            ? Shown.text(migrations[0], limit: 30) : "\(migrations.count) migrations"
        return [
            lost.isEmpty ? nil : "loses \(lost.joined(separator: " and "))",
            migrations.isEmpty ? nil : "undoes \(undone)",
        ].compactMap(\.self).joined(separator: ", ")
    }

    private static func named(_ tables: [DatabaseSummary.Table]) -> String {
        tables.count == 1 ? Shown.text(tables[0].name, limit: 20) : "\(tables.count) tables"
    }

    /// Tables with rows that go, or get their old content.
    static func tables(now: DatabaseSummary, then: DatabaseSummary) -> [String] {
        let before = byName(then)
        return now.tables.filter { table in
            guard table.name != AppliedMigration.table else { return false }
            return before[table.name].map { $0 != table } ?? (table.rows > 0)
        }.map(\.name)
    }

    /// Whether files go, or get their old content.
    static func loses(now: FolderContent, then: FolderContent) -> Bool {
        let changes = now.bySize.changes(since: then.bySize)
        return !changes.added.isEmpty || !changes.changed.isEmpty
    }

    /// The same for a folder, by names and sizes.
    static func sentences(folder: String, now: FolderContent, then: FolderContent) -> [String] {
        let changes = now.bySize.changes(since: then.bySize)
        let counted = [
            (changes.added.count, "that came since go"),
            (changes.removed.count, changes.removed.count == 1 ? "is restored" : "are restored"),
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
