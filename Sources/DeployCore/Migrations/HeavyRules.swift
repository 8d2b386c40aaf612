/// What is known of statements that lock, rewrite or remove.
struct HeavyRules {
    /// What is said of one statement.
    struct Remark {
        var what: String
        var table: String?
        var why: String
    }

    let engine: Environment.Database.Engine

    static let rewrites = "writes the whole table anew while nobody else can use it"
    static let reads = "reads every row while nobody else can write"
    static let oldRelease = "while the old release, which serves until the cutover, may still use it"

    func remark(on statement: SQLStatement) -> Remark? {
        switch statement.word(0) {
        case "ALTER": alter(statement)
        case "CREATE": index(statement)
        case "DROP": drop(statement)
        case "TRUNCATE": named(statement, ["TABLE"], "TRUNCATE", "removes every row")
        case "RENAME":
            named(statement, ["TABLE"], "RENAME TABLE", "takes the old name away \(Self.oldRelease)")
        case "UPDATE", "DELETE", "WITH": write(statement)
        case "LOCK":
            Remark(what: "LOCK", table: nil, why: "holds others up for as long as the migration runs")
        case "REINDEX", "VACUUM", "CLUSTER", "OPTIMIZE", "REFRESH": rebuild(statement)
        default: nil
        }
    }

    private func named(_ statement: SQLStatement, _ skipped: [String], _ what: String, _ why: String)
        -> Remark?
    {
        var index = statement.skipping(skipped, at: 1)
        index = statement.skipping(["IF", "EXISTS"], at: index)
        index = statement.skipping(["ONLY"], at: index)
        return Remark(what: what, table: statement.name(at: index)?.name, why: why)
    }

    private func drop(_ statement: SQLStatement) -> Remark? {
        switch statement.word(1) {
        case "TABLE": named(statement, ["TABLE"], "DROP TABLE", "removes it \(Self.oldRelease)")
        case "VIEW": named(statement, ["VIEW"], "DROP VIEW", "removes it \(Self.oldRelease)")
        case "DATABASE", "SCHEMA":
            named(statement, [statement.word(1)], "DROP \(statement.word(1))", "removes all that is in it")
        case "INDEX" where engine == .postgresql && statement.word(2) != "CONCURRENTLY":
            named(
                statement, ["INDEX"], "DROP INDEX",
                "lets everybody wait who uses the table; CONCURRENTLY does not")
        default: nil
        }
    }

    private func index(_ statement: SQLStatement) -> Remark? {
        guard let index = (1..<4).first(where: { statement.word($0) == "INDEX" }) else { return nil }
        guard let on = (index..<statement.tokens.count).first(where: { statement.word($0) == "ON" }) else {
            return nil
        }
        let table = statement.name(at: statement.skipping(["ONLY"], at: on + 1))?.name
        switch engine {
        case .postgresql where statement.word(index + 1) != "CONCURRENTLY":
            return Remark(what: "CREATE INDEX on", table: table, why: "\(Self.reads); CONCURRENTLY lets them")
        case .mysql where ["FULLTEXT", "SPATIAL"].contains(statement.word(1)):
            return Remark(what: "CREATE \(statement.word(1)) INDEX on", table: table, why: Self.reads)
        case .sqlite: return Remark(what: "CREATE INDEX on", table: table, why: Self.reads)
        default: return nil
        }
    }

    /// Only where nothing limits it to some rows.
    private func write(_ statement: SQLStatement) -> Remark? {
        guard
            let start = statement.tokens.indices.first(where: { index in
                ["UPDATE", "DELETE"].contains(statement.word(index))
            }), statement.word(0) != "WITH" || !statement.has("SELECT"),
            !statement.has("WHERE"), !statement.has("LIMIT")
        else { return nil }
        var index = start + 1
        for skipped in ["LOW_PRIORITY", "QUICK", "IGNORE", "FROM", "ONLY"] {
            index = statement.skipping([skipped], at: index)
        }
        if statement.word(index) == "OR" { index += 2 }
        return Remark(
            what: statement.word(start), table: statement.name(at: index)?.name,
            why: "without WHERE changes every row and locks all of them until it ends")
    }

    private func rebuild(_ statement: SQLStatement) -> Remark? {
        if statement.has("CONCURRENTLY") { return nil }
        switch statement.word(0) {
        case "VACUUM" where engine == .postgresql && !statement.has("FULL"): return nil
        case "OPTIMIZE": return named(statement, ["TABLE"], "OPTIMIZE TABLE", Self.rewrites)
        case "REFRESH":
            return named(
                statement, ["MATERIALIZED", "VIEW"], "REFRESH MATERIALIZED VIEW",
                "lets its readers wait; CONCURRENTLY does not")
        case "REINDEX": return Remark(what: "REINDEX", table: nil, why: Self.reads)
        default: return Remark(what: statement.word(0), table: nil, why: Self.rewrites)
        }
    }

    /// The first of its actions that is worth a word.
    private func alter(_ statement: SQLStatement) -> Remark? {
        guard let start = (1..<4).first(where: { statement.word($0) == "TABLE" }) else { return nil }
        var index = statement.skipping(["IF", "EXISTS"], at: start + 1)
        index = statement.skipping(["ONLY"], at: index)
        guard let (table, next) = statement.name(at: index) else { return nil }
        let actions = statement.parts(from: next)
        let why = actions.lazy.compactMap { AlterRules(engine: engine).why($0, all: actions) }.first
        return why.map { Remark(what: "ALTER TABLE", table: table, why: $0) }
    }
}
