import DeployCore

/// Moves all tables of two databases in one statement, which the server does wholly or not at all.
///
/// What cannot be moved (views, triggers, routines, events) is made again by the application's user from definitions
/// that were saved before, so that a repeat completes what was interrupted at any point; `next` goes last.
struct MySQLSwap {
    /// The table in which an older version kept the plan; no summary and no dump has it.
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
            return try MySQLSwapPlan.forget(next, server.access)
        }
        var found = try begunPlan()
        if found == nil { found = try newPlan() }
        guard let plan = found else { return try server.databases.drop(next) }
        for database in [live, next] { try MySQLEviction(server: server).endSessions(in: database) }
        for database in [plan.retired, live].compactMap(\.self) {
            try run(["CREATE DATABASE IF NOT EXISTS \(MySQLText.identifier(database));"])
            try server.databases.grant(on: database)
        }
        for database in [live, next] { try run(server.definitions(of: database).removal(from: database)) }
        try rename(plan)
        try run(plan.after, as: .application)
        guard try server.structure(of: next).isEmpty else {
            throw failure("\(next) holds more than what was moved", "look at what is left in \(next)")
        }
        try server.databases.drop(next)
    }

    private func begunPlan() throws(DeployError) -> MySQLSwapPlan? {
        guard let plan = try MySQLSwapPlan.saved(next, server.access) else { return try formerPlan() }
        guard plan.live == live, plan.next == next, plan.retired ?? retired == retired else {
            throw failure("another swap of it began", "deployctl status")
        }
        return plan
    }

    /// An older version kept it where the application may write, so nothing of it is run by the administrator.
    private func formerPlan() throws(DeployError) -> MySQLSwapPlan? {
        guard try tables(of: next).contains(ByteText(Self.marker)), try hasBegun() else { return nil }
        let rows = try server.query(
            "SELECT kind, text FROM \(MySQLText.identifier(Self.marker)) ORDER BY number;", in: next,
            as: .application)
        guard !rows.isEmpty else { return nil }
        return MySQLSwapPlan(live: live, next: next, retired: retired, former: rows)
    }

    /// Before a swap changes anything its plan is better made anew.
    private func hasBegun() throws(DeployError) -> Bool {
        if try server.databases.exists(retired) { return true }
        guard try server.databases.exists(live) else { return true }
        return try server.structure(of: live).isEmpty
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
        for database in [live, next] {
            try MySQLRights(server: server).demandMaking(server.structure(of: database).objects, of: database)
        }
        let plan = MySQLSwapPlan(
            live: live, next: next, retired: retired, leaving: leaving,
            arriving: try server.definitions(of: next).moved(from: .copy, to: .live))
        try plan.save(server.access)
        return plan
    }

    private func rename(_ plan: MySQLSwapPlan) throws(DeployError) {
        // After an interruption only what did not move yet is moved, even by a server that moved a part.
        let left = try tables(of: next)
        var moves: [String] = []
        if let retired = plan.retired {
            let arrived = try tables(of: retired)
            moves += plan.leaving.filter { !arrived.contains(ByteText($0)) }.map {
                Self.move($0, live, retired)
            }
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

    private func run(_ statements: [String], as role: ServerAccess.Role = .admin) throws(DeployError) {
        guard !statements.isEmpty else { return }
        _ = try server.query(statements.joined(separator: "\n"), as: role, within: .seconds(600))
    }

    private func failure(_ why: String, _ advice: String) -> DeployError {
        DeployError(
            .stepFailed, what: "\(next) cannot take the name \(live)", why: why, next: advice)
    }
}
