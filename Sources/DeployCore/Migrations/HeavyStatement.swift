/// A statement of a pending migration that others may wait for, or that takes what the old release still uses.
struct HeavyStatement: Hashable, Sendable {
    /// The migration, as it is named in its folder.
    var file: String
    /// From 1, where the statement begins.
    var line: Int
    /// Such as `ALTER TABLE item`.
    var what: String
    /// Continues the sentence.
    var why: String

    /// One line for the plan's reader.
    var notice: String { "\(file):\(line): \(what) \(why)" }
}

extension HeavyStatement {
    /// Those of the pending migrations, in order; pure.
    ///
    /// A table that a pending migration makes is nobody's yet, so what is done to it holds nobody up.
    static func find(
        in pending: [MigrationFile], engine: Environment.Database.Engine
    ) -> [HeavyStatement] {
        var made: Set<String> = []
        var found: [HeavyStatement] = []
        for file in pending {
            for statement in SQLScanner.statements(of: file.sql, for: engine) where !statement.isRoutine {
                if let table = statement.madeTable { made.insert(table.tableKey) }
                guard let remark = HeavyRules(engine: engine).remark(on: statement) else { continue }
                if let table = remark.table, made.contains(table.tableKey) { continue }
                found.append(
                    HeavyStatement(
                        file: file.name, line: statement.line,
                        what: [remark.what, remark.table].compactMap(\.self).joined(separator: " "),
                        why: remark.why))
            }
        }
        return found
    }

    /// The first `limit` and how many more there are.
    static func notices(_ found: [HeavyStatement], limit: Int = 10) -> [String] {
        let more = found.count - limit
        return found.prefix(limit).map(\.notice)
            + (more > 0 ? ["\(more) more statements of the migrations like these"] : [])
    }
}

extension SQLStatement {
    fileprivate var madeTable: String? {
        guard word(0) == "CREATE" else { return nil }
        guard let index = (1..<min(tokens.count, 5)).first(where: { word($0) == "TABLE" }) else { return nil }
        return name(at: skipping(["IF", "NOT", "EXISTS"], at: index + 1))?.name
    }
}

extension String {
    /// What a table is known by whether its schema is named or not.
    fileprivate var tableKey: String {
        (split(separator: ".").last.map(String.init) ?? self).lowered
    }
}
