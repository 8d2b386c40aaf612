import DeployCore

extension MySQLServer {
    func exists(_ database: String) throws(DeployError) -> Bool {
        try databases(like: database).contains(database)
    }

    func databases(like name: String) throws(DeployError) -> [String] {
        // The server compares without regard to case, and `_` stands for any character.
        try query(
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE \(MySQLText.literal(name));"
        ).compactMap(\.first)
    }

    func missing(_ database: String) -> DeployError {
        DeployError(
            .stepFailed, what: "There is no database \(database)",
            why: "the server of \(layout.environment.name) knows none of that name",
            next: "deployctl doctor \(layout.environment.name)")
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
        let result = try execute(script, in: nil, forced: true, within: .seconds(60))
        return MySQLText.rows(result.output).compactMap { $0.first.flatMap(Int64.init) }.max() ?? 0
    }

    /// Makes an empty database the application's user has its rights on.
    func create(_ database: String, characterSet: String, collation: String?) throws(DeployError) {
        let set = "CHARACTER SET \(characterSet)" + (collation.map { " COLLATE \($0)" } ?? "")
        _ = try query("CREATE DATABASE \(MySQLText.identifier(database)) \(set);")
        do throws(DeployError) { try grant(on: database) } catch {
            try drop(database)
            throw error
        }
    }

    func grant(on database: String) throws(DeployError) {
        guard admin != user, !user.isEmpty else { return }
        let accounts = try accounts()
        guard !accounts.isEmpty else {
            throw DeployError(
                .stepFailed, what: "The database user \(user) does not exist",
                why: "the server knows nobody of that name, so nobody could use \(database)",
                next: "create it on the server with CREATE USER, then run this again")
        }
        _ = try query(
            accounts.map {
                "GRANT ALL PRIVILEGES ON \(MySQLText.grantPattern(database)).* TO \($0);"
            }.joined(separator: "\n"))
    }

    func drop(_ database: String) throws(DeployError) {
        _ = try query("DROP DATABASE IF EXISTS \(MySQLText.identifier(database));", within: .seconds(600))
        guard admin != user, !user.isEmpty else { return }
        let pattern = MySQLText.pattern(database)
        let granted = try query(
            "SELECT user, host FROM mysql.db WHERE db = \(MySQLText.literal(pattern)) AND user = \(MySQLText.literal(user));"
        )
        let revocations = granted.map {
            "REVOKE ALL PRIVILEGES ON \(MySQLText.grantPattern(database)).* FROM \(Self.account($0));"
        }
        if !revocations.isEmpty { _ = try query(revocations.joined(separator: "\n")) }
    }

    /// Who shall own what another environment's account has defined.
    func definer() throws(DeployError) -> String {
        guard admin != user, !user.isEmpty else { return "CURRENT_USER" }
        return try accounts().first ?? "CURRENT_USER"
    }

    private func accounts() throws(DeployError) -> [String] {
        try query("SELECT user, host FROM mysql.user WHERE user = \(MySQLText.literal(user));")
            .map(Self.account)
    }

    private static func account(_ row: [String]) -> String {
        "\(MySQLText.identifier(row[0]))@\(MySQLText.identifier(row.count > 1 ? row[1] : "%"))"
    }
}
