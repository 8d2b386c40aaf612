extension DatabaseSummary {
    /// What became of `before`, in words; empty when nothing did.
    ///
    /// Columns are not in a summary; where they are known, a table that has other ones and as many rows is said to
    /// have other columns, not other content.
    public func changes(since before: DatabaseSummary, columns: [ColumnChange] = []) -> [String] {
        let (old, new) = (before.counted, counted)
        var found: [String] = []
        for name in Set(old.keys).union(new.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let altered = old[name] == nil || new[name] == nil ? [] : columns.filter { $0.isOf(name) }
            let isSameSize = old[name]?.rows == new[name]?.rows
            if let change = Self.change(from: old[name], to: new[name]), altered.isEmpty || !isSameSize {
                found.append("table \(String(decoding: name, as: UTF8.self)) \(change)")
            }
            found += altered.map(\.sentence)
        }
        for kind in Set(before.objects.keys).union(objects.keys).sorted() where kind != "table" {
            let (was, now) = (before.objects[kind] ?? 0, objects[kind] ?? 0)
            if was != now { found.append("\(kind) \(was) → \(now)") }
        }
        return found.isEmpty && schema != before.schema ? ["definitions changed"] : found
    }

    private static func change(from old: Table?, to new: Table?) -> String? {
        switch (old, new) {
        case (nil, let new?): "added" + (new.rows == 0 ? "" : " with \(rows(new.rows))")
        case (let old?, nil): "removed" + (old.rows == 0 ? "" : " with \(rows(old.rows))")
        case (let old?, let new?) where old.rows != new.rows: "\(old.rows) → \(rows(new.rows))"
        case (let old?, let new?) where old.digest != new.digest: "has other content"
        default: nil
        }
    }

    private static func rows(_ count: Int64) -> String { "\(count) row\(count == 1 ? "" : "s")" }

    /// By the bytes of their names; without the records of migrations, which always change.
    private var counted: [[UInt8]: Table] {
        let own = tables.filter { $0.name.split(at: ".").last != AppliedMigration.table[...] }
        return Dictionary(own.map { ([UInt8]($0.name.utf8), $0) }) { first, _ in first }
    }
}

extension ColumnChange {
    fileprivate func isOf(_ table: [UInt8]) -> Bool { self.table.utf8.elementsEqual(table) }
}
