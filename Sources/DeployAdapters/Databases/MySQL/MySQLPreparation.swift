import DeployCore

/// Makes accounts, the rights of each and a database, as the server's administrator.
struct MySQLPreparation {
    let server: MySQLServer
    let accounts: DatabaseAccounts

    /// `PASSWORD` stands for each password.
    var typed: [String] {
        let made = accounts.all.flatMap { role, account in
            let names = hosts.map { MySQLAdvice.account(account.name, $0) }
            let users = names.map { "\($0) IDENTIFIED BY 'PASSWORD'" }.joined(separator: ", ")
            return ["CREATE USER \(users)"] + names.flatMap { grants(role, to: $0) }
        }
        return (made + [database]).map { "\($0);" }
    }

    func present() throws(DeployError) -> Set<DatabaseAccounts.Role> {
        let version = MySQLVersion(try server.query("SELECT VERSION();").first?.first ?? "")
        for (role, account) in accounts.all where !version.isMariaDB {
            try Self.check(account.name, role == .admin ? "database.admin.user" : "database.user")
        }
        let names = accounts.all.map { MySQLText.literal($0.account.name) }.joined(separator: ", ")
        let users = Set(
            try server.query("SELECT user FROM mysql.user WHERE user IN (\(names));")
                .compactMap { $0.first.map(ByteText.init) })
        return Set(accounts.all.filter { users.contains(ByteText($0.account.name)) }.map(\.role))
    }

    /// A database has no owner there: it is the application's where that may do everything in it already.
    func refuseForeign() throws(DeployError) {
        guard try server.databases.exists(accounts.database) else { return }
        if let account = accounts.application.proved {
            let lines = try server.query("SHOW GRANTS FOR \(quoted(account));").compactMap(\.first)
            if MySQLGrants(lines).all(on: accounts.database, passingOn: false) { return }
        }
        throw DeployError(
            .stepFailed,
            what: "Database \(Shown.text(accounts.database)) is there, and may be somebody else's",
            why: "\(Shown.text(accounts.application.name)) may not do everything in it; nothing was changed",
            next: "let database.name name another one, or, if it is this project's, "
                + "deployctl database prepare \(server.access.layout.environment.name) --print has the lines of its administrator"
        )
    }

    /// Accounts first, the database last: what is cut off in between is seen to be its own the next time.
    func make() throws(DeployError) -> [String] {
        try refuseForeign()
        var (done, script): ([String], [String]) = ([], [])
        for (role, account) in accounts.all {
            var names = [account.proved.map(quoted)].compactMap(\.self)
            if names.isEmpty {
                names = hosts.map { MySQLAdvice.account(account.name, $0) }
                done.append("CREATE USER \(names.joined(separator: ", "))")
                let users = names.map { $0 + identification(account.password) }
                script.append("CREATE USER \(users.joined(separator: ", "))")
            }
            let rights = names.flatMap { grants(role, to: $0) }
            done += rights
            script += rights
        }
        if try !server.databases.exists(accounts.database) {
            done.append(database)
            script.append(database)
        }
        let result = try server.execute(
            "\(MySQLServer.settings)\n" + script.map { "\($0);\n" }.joined(), in: nil, within: .seconds(300))
        guard result.succeeded else { throw server.refusal(result) }
        return done
    }
}

extension MySQLPreparation {
    /// MariaDB has room for every name that a definition may hold; `key`: where the definition has it.
    static func check(_ name: String, _ key: String) throws(DeployError) {
        let (longest, count) = (32, name.unicodeScalars.count)
        guard count > longest else { return }
        throw DeployError(
            .invalidDefinition, what: "\(Shown.text(name)) cannot be an account's name",
            why: "MySQL's have at most \(longest) characters, and this has \(count); nothing was changed",
            next: "shorten \(key) in the definition")
    }

    /// A server that looks names up takes a local connection for `localhost`, and one that does not for its address.
    private var hosts: [String] { accounts.areLocal ? ["localhost", "127.0.0.1", "::1"] : ["%"] }

    private var database: String {
        "CREATE DATABASE \(MySQLText.identifier(accounts.database)) CHARACTER SET utf8mb4"
    }

    /// An account as the server writes it, as statements name it.
    private func quoted(_ account: String) -> String {
        guard let parts = account.cutLast(at: "@") else { return MySQLAdvice.account(account, "%") }
        return MySQLAdvice.account(String(parts.before), String(parts.after))
    }

    private func grants(_ role: DatabaseAccounts.Role, to account: String) -> [String] {
        let isAlone = accounts.admin == nil
        return MySQLAdvice.statements(
            isAlone ? .admin : role.access, to: account, on: accounts.database, isAlone: isAlone)
    }

    /// A password has to be a text as it is written; the settings give a backslash its meaning.
    private func identification(_ password: Secret?) -> String {
        guard let text = password?.exposed else { return "" }
        return " IDENTIFIED BY '\(text.replacing("\\", by: "\\\\").replacing("'", by: "''"))'"
    }
}
