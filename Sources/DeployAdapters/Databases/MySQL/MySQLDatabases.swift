import DeployCore

/// A server's databases, each by its name, and who may use them.
struct MySQLDatabases {
    let server: MySQLServer

    /// What the administrator needs, in words.
    static let enoughForAdministrator =
        "let database.admin name an account that has ALL PRIVILEGES WITH GRANT OPTION on databases of this project's names, SELECT on mysql.*, and RELOAD, PROCESS and CONNECTION ADMIN on *.*"

    func exists(_ database: String) throws(DeployError) -> Bool {
        try names(like: database).contains { $0 == database }
    }

    /// What the administrator has no right on the server does not show him; it is there all the same.
    ///
    /// - Throws: `.stepFailed`, in the server's words for who is not let in, where the application sees it.
    func refuseHidden(_ database: String) throws(DeployError) {
        guard hasOwner,
            (try? names(like: database, as: .application))?.contains(where: { $0 == database }) == true
        else {
            return
        }
        let account = try server.query("SELECT CURRENT_USER();").first?.first ?? server.admin
        throw DeployError(
            .stepFailed, what: "\(server.admin) does not see \(database)",
            why: "Access denied: the server shows it to \(server.user), and not to \(server.admin)",
            next: MySQLAdvice.mending(account, on: database, isAlone: false))
    }

    private func names(like name: String, as role: ServerAccess.Role = .admin) throws(DeployError) -> [String]
    {
        // The server compares without regard to case, and `_` stands for any character.
        try server.query(
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE \(MySQLText.literal(name));",
            as: role
        ).compactMap(\.first)
    }

    func missing(_ database: String) -> DeployError {
        DeployError(
            .stepFailed, what: "There is no database \(database)",
            why: "the server of \(server.access.layout.environment.name) knows none of that name",
            next: "deployctl doctor")
    }

    /// Bytes its files take, or what the server estimates where it does not tell.
    func size(of database: String) throws(DeployError) -> Int64 {
        let files = "WHERE name LIKE \(MySQLText.literal(MySQLText.pattern(database) + "/%"))"
        let script = """
            SELECT SUM(data_length + IFNULL(index_length, 0)) FROM information_schema.tables
                WHERE table_schema = \(MySQLText.literal(database));
            SELECT SUM(file_size) FROM information_schema.innodb_sys_tablespaces \(files);
            SELECT SUM(file_size) FROM information_schema.innodb_tablespaces \(files);

            """
        // Each product knows only one of the last two, and tells it only those who may see all.
        let result = try server.execute(script, in: nil, forced: true, within: .seconds(60))
        return MySQLText.rows(result.output).compactMap { $0.first.flatMap(Int64.init) }.max() ?? 0
    }

    /// Makes an empty one with the character set of the live one, if there is one.
    func create(_ database: String) throws(DeployError) {
        guard let live = server.access.layout.database(.live)?.name, live != database, try exists(live) else {
            return try create(database, characterSet: "utf8mb4", collation: nil)
        }
        let model = try server.structure(of: live)
        try create(database, characterSet: model.characterSet, collation: model.collation)
    }

    /// Makes an empty database the application's user has its rights on.
    func create(_ database: String, characterSet: String, collation: String?) throws(DeployError) {
        let set = "CHARACTER SET \(characterSet)" + (collation.map { " COLLATE \($0)" } ?? "")
        try MySQLSwapPlan.forget(database, server.access)
        _ = try server.query("CREATE DATABASE \(MySQLText.identifier(database)) \(set);")
        do throws(DeployError) { try grant(on: database) } catch {
            try drop(database)
            throw error
        }
    }

    func grant(on database: String) throws(DeployError) {
        guard hasOwner else { return }
        let accounts = try accounts()
        guard !accounts.isEmpty else {
            throw DeployError(
                .stepFailed, what: "The database user \(server.user) does not exist",
                why: "the server knows nobody of that name, so nobody could use \(database)",
                next: "create it on the server with CREATE USER, then run this again")
        }
        _ = try server.query(
            accounts.map {
                "GRANT ALL PRIVILEGES ON \(MySQLText.grantPattern(database)).* TO \($0);"
            }.joined(separator: "\n"))
    }

    /// What an interrupted run still does in a database made beside the live one is ended first.
    func remove(_ database: String) throws(DeployError) {
        try server.throughOneSession { () throws(DeployError) in
            if let live = server.access.layout.database(.live), SiblingName.matches(database, of: live.name) {
                try MySQLEviction(server: server).endSessions(in: database)
            }
            try drop(database)
        }
    }

    /// Removes what was only begun; a statement of it may still run.
    func discard(_ database: String) throws(DeployError) {
        try MySQLEviction(server: server).endSessions(in: database)
        try drop(database)
    }

    func siblings(of live: String) throws(DeployError) -> [String] {
        try names(like: "%").filter { SiblingName.matches($0, of: live) }
    }

    func drop(_ database: String) throws(DeployError) {
        _ = try server.query(
            "DROP DATABASE IF EXISTS \(MySQLText.identifier(database));", within: .seconds(600))
        try MySQLSwapPlan.forget(database, server.access)
        guard hasOwner else { return }
        let pattern = MySQLText.pattern(database)
        let granted = try server.query(
            "SELECT user, host FROM mysql.db WHERE db = \(MySQLText.literal(pattern)) AND user = \(MySQLText.literal(server.user));"
        )
        let revocations = granted.map {
            "REVOKE ALL PRIVILEGES ON \(MySQLText.grantPattern(database)).* FROM \(Self.account($0));"
        }
        if !revocations.isEmpty { _ = try server.query(revocations.joined(separator: "\n")) }
    }

    /// Whether the application's user is another one than the administrator.
    private var hasOwner: Bool { server.admin != server.user && !server.user.isEmpty }

    private func accounts() throws(DeployError) -> [String] {
        try server.query("SELECT user, host FROM mysql.user WHERE user = \(MySQLText.literal(server.user));")
            .map(Self.account)
    }

    private static func account(_ row: [String]) -> String {
        "\(MySQLText.identifier(row[0]))@\(MySQLText.identifier(row.count > 1 ? row[1] : "%"))"
    }
}
