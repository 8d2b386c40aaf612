import DeployCore

/// Moves all tables of two databases in one statement, which the server does wholly or not at all.
///
/// What cannot be moved (views, triggers, routines, events) is made again from definitions that were saved before in
/// a table of `next`, so that a repeat completes what was interrupted at any point; `next` goes last.
struct MySQLSwap {
    /// Its name says whose it is; no summary and no dump has it.
    static let marker = "deployctl_swap"
    let server: MySQLServer
    let live: String
    let next: String
    let retired: String

    func run() throws(DeployError) {
        try server.throughOneSession { () throws(DeployError) in try swap() }
    }

    private func swap() throws(DeployError) {
        guard try server.databases.exists(next) else {
            guard try server.databases.exists(live) else { throw server.databases.missing(next) }
            return
        }
        var saved = try savedPlan()
        if saved == nil { saved = try newPlan() }
        guard let plan = saved else { return try server.databases.drop(next) }
        for database in [live, next] { try MySQLEviction(server: server).endSessions(in: database) }
        try run(plan.before)
        try rename(plan)
        try run(plan.after)
        guard try server.structure(of: next).isEmpty else {
            throw failure("\(next) holds more than what was moved", "look at what is left in \(next)")
        }
        try server.databases.grant(on: live)
        try server.databases.drop(next)
    }

    /// nil when only the removal of `next` is left to do.
    private func newPlan() throws(DeployError) -> MySQLSwapPlan? {
        let arriving = try server.structure(of: next)
        if try server.databases.exists(retired) {
            guard !arriving.isEmpty else { return nil }
            throw failure("\(retired) is there already", "remove \(retired), then run this again")
        }
        var leaving: MySQLDefinitions?
        if try server.databases.exists(live) {
            leaving = try server.definitions(of: live).moved(from: .live, to: .copy)
        }
        let plan = MySQLSwapPlan(
            live: live, next: next, retired: retired, leaving: leaving,
            arriving: try server.definitions(of: next).moved(from: .copy, to: .live))
        try save(plan)
        return plan
    }

    private func rename(_ plan: MySQLSwapPlan) throws(DeployError) {
        // After an interruption only what did not move yet is moved, even by a server that moved a part.
        let (left, arrived) = (try tables(of: next), try tables(of: retired))
        var moves = plan.leaving.filter { !arrived.contains(ByteText($0)) }.map {
            Self.move($0, live, retired)
        }
        moves += plan.arriving.filter { left.contains(ByteText($0)) }.map { Self.move($0, next, live) }
        guard !moves.isEmpty else { return }
        try run(["SET SESSION foreign_key_checks = 0;", "RENAME TABLE \(moves.joined(separator: ", "));"])
    }

    private static func move(_ table: String, _ source: String, _ target: String) -> String {
        let name = MySQLText.identifier(table)
        return "\(MySQLText.identifier(source)).\(name) TO \(MySQLText.identifier(target)).\(name)"
    }

    private func tables(of database: String) throws(DeployError) -> Set<ByteText> {
        Set(
            try server.query(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = \(MySQLText.literal(database)) AND table_type <> 'VIEW';"
            ).compactMap(\.first).map(ByteText.init))
    }

    private func run(_ statements: [String]) throws(DeployError) {
        _ = try server.query(statements.joined(separator: "\n"), within: .seconds(600))
    }

    private func failure(_ why: String, _ advice: String) -> DeployError {
        DeployError(
            .stepFailed, what: "\(next) cannot take the name \(live)", why: why, next: advice)
    }
}

extension MySQLSwap {
    private var table: String {
        "\(MySQLText.identifier(next)).\(MySQLText.identifier(Self.marker))"
    }

    /// All rows or none: without them nothing began.
    private func save(_ plan: MySQLSwapPlan) throws(DeployError) {
        let rows = plan.rows.enumerated().map { number, row in
            "INSERT INTO \(table) VALUES (\(number), '\(row.kind)', \(MySQLText.literal(row.text)));"
        }
        try run(
            [
                "DROP TABLE IF EXISTS \(table);",
                "CREATE TABLE \(table) (number INT PRIMARY KEY, kind VARCHAR(10), text LONGTEXT) ENGINE = InnoDB CHARACTER SET utf8mb4;",
                "START TRANSACTION;",
            ] + rows + ["COMMIT;"])
    }

    private func savedPlan() throws(DeployError) -> MySQLSwapPlan? {
        guard try tables(of: next).contains(ByteText(Self.marker)) else { return nil }
        let rows = try server.query("SELECT kind, text FROM \(table) ORDER BY number;")
        return rows.isEmpty ? nil : MySQLSwapPlan(rows: rows.map { ($0[0], $0[1]) })
    }
}
