import DeployCore

/// Makes accounts, a database and the rights on it, as the server's administrator.
struct MySQLPreparation {
    let server: MySQLServer
    let accounts: DatabaseAccounts

    /// `PASSWORD` stands for each password.
    var typed: [String] {
        let made = roles.flatMap { account, role in
            hosts.flatMap { host in
                let name = MySQLAdvice.account(account.name, host)
                return ["CREATE USER \(name) IDENTIFIED BY 'PASSWORD'"] + grants(role, to: name)
            }
        }
        return ([database] + made).map { "\($0);" }
    }

    /// What is missing alone is made; an account that is there keeps its password.
    func make() throws(DeployError) -> [String] {
        var (done, script): ([String], [String]) = ([database], [database])
        let names = roles.map { MySQLText.literal($0.0.name) }.joined(separator: ", ")
        let rows = try server.query("SELECT user, host FROM mysql.user WHERE user IN (\(names));")
        if try server.databases.exists(accounts.database) { (done, script) = ([], []) }
        for (account, role) in roles {
            let there = rows.filter { $0.count == 2 && $0[0].utf8.elementsEqual(account.name.utf8) }.map {
                $0[1]
            }
            for host in there.isEmpty ? hosts : there {
                let name = MySQLAdvice.account(account.name, host)
                if there.isEmpty {
                    done.append("CREATE USER \(name)")
                    script.append("CREATE USER \(name)" + identification(account.password))
                }
                done += grants(role, to: name)
                script += grants(role, to: name)
            }
        }
        let result = try server.execute(
            "\(MySQLServer.settings)\n" + script.map { "\($0);\n" }.joined(), in: nil, within: .seconds(300))
        guard result.succeeded else { throw server.refusal(result) }
        return done
    }

    /// A server that looks names up takes a local connection for `localhost`, and one that does not for its address.
    private var hosts: [String] { accounts.areLocal ? ["localhost", "127.0.0.1"] : ["%"] }

    private var roles: [(DatabaseAccounts.Account, ServerAccess.Role)] {
        guard let admin = accounts.admin else { return [(accounts.application, .admin)] }
        return [(accounts.application, .application), (admin, .admin)]
    }

    private var database: String {
        "CREATE DATABASE \(MySQLText.identifier(accounts.database)) CHARACTER SET utf8mb4"
    }

    private func grants(_ role: ServerAccess.Role, to account: String) -> [String] {
        MySQLAdvice.statements(
            role, to: account, on: accounts.database, isAlone: accounts.admin == nil)
    }

    /// A password has to be a text as it is written; the settings give a backslash its meaning.
    private func identification(_ password: Secret?) -> String {
        guard let text = password?.exposed else { return "" }
        return " IDENTIFIED BY '\(text.replacing("\\", by: "\\\\").replacing("'", by: "''"))'"
    }
}
