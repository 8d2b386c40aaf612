import DeployCore

/// Makes roles, what connects them and a database, as the server's administrator.
struct PostgreSQLPreparation {
    let server: PostgreSQLServer
    let accounts: DatabaseAccounts

    /// For psql, which asks for each password itself and sends no more than its hash.
    var typed: [String] {
        var lines: [String] = []
        for (role, account) in accounts.all {
            lines.append("\(creation(of: account, rights(of: role)));")
            lines.append("\\password \(PostgreSQLText.identifier(account.name))")
        }
        if let membership { lines.append("\(membership);") }
        return lines + ["\(database);"]
    }

    func present() throws(DeployError) -> Set<DatabaseAccounts.Role> {
        let found = try look()
        return Set(accounts.all.filter { found.rights[ByteText($0.account.name)] != nil }.map(\.role))
    }

    func refuseForeign() throws(DeployError) { try refuseForeign(try look()) }

    /// Roles in one transaction, then the database: what is cut off in between is seen to be its own the next time.
    func make() throws(DeployError) -> [String] {
        try PostgreSQLText.check(DatabaseLocation(accounts.database))
        let found = try look()
        try refuseForeign(found)
        var (done, script): ([String], [String]) = ([], [])
        for (role, account) in accounts.all {
            let rights = rights(of: role)
            guard account.proved != nil else {
                let creation = creation(of: account, rights)
                done.append(creation)
                let password = account.password.map { " PASSWORD \(PostgreSQLText.literal($0.exposed))" }
                script.append(creation + (password ?? ""))
                continue
            }
            let has = found.rights[ByteText(account.name)] ?? []
            for right in rights where has.isDisjoint(with: [right, "SUPERUSER"]) {
                done.append(PostgreSQLGrants.alter(account.name, right))
                script.append(PostgreSQLGrants.alter(account.name, right))
            }
        }
        if let membership, !found.isMember {
            done.append(membership)
            script.append(membership)
        }
        if !script.isEmpty {
            let statements = (["BEGIN"] + script + ["COMMIT"]).map { "\($0);\n" }.joined()
            try server.answers(to: Self.quiet + statements)
        }
        guard found.owner == nil else { return done }
        try server.databases.create(accounts.database)
        return done + [database]
    }

    /// An administrator's statement is not written to the server's log with the password in it, where that can be.
    private static let quiet = """
        SELECT set_config(name, value, false) FROM pg_roles,
            (VALUES ('log_statement', 'none'), ('log_min_duration_statement', '-1'),
                ('log_min_error_statement', 'panic')) AS setting (name, value)
            WHERE rolname = session_user AND rolsuper;

        """
}

extension PostgreSQLPreparation {
    private func rights(of role: DatabaseAccounts.Role) -> [String] {
        role == .admin || accounts.admin == nil ? ["LOGIN", "CREATEDB"] : ["LOGIN"]
    }

    private var membership: String? {
        accounts.admin.map { PostgreSQLGrants.membership(in: accounts.application.name, for: $0.name) }
    }

    private var database: String {
        "CREATE DATABASE \(PostgreSQLText.identifier(accounts.database)) OWNER \(PostgreSQLText.identifier(accounts.application.name))"
    }

    private func creation(of account: DatabaseAccounts.Account, _ rights: [String]) -> String {
        "CREATE ROLE \(PostgreSQLText.identifier(account.name)) \(rights.joined(separator: " "))"
    }

    private struct Found {
        /// What each role that is there has, in the words that give it.
        var rights: [ByteText: Set<String>] = [:]
        /// Of the database; nil where there is none.
        var owner: String?
        var isMember = false
    }

    private func look() throws(DeployError) -> Found {
        let application = PostgreSQLText.literal(accounts.application.name)
        let admin = PostgreSQLText.literal(accounts.admin?.name ?? accounts.application.name)
        let rows = try server.answers(
            to: """
                SELECT json_build_array('role', rolname, CASE WHEN rolcanlogin THEN 'LOGIN' END,
                    CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolsuper THEN 'SUPERUSER' END)
                    FROM pg_roles WHERE rolname IN (\(application), \(admin));
                SELECT json_build_array('database', pg_get_userbyid(datdba)) FROM pg_database
                    WHERE datname = \(PostgreSQLText.literal(accounts.database));
                SELECT json_build_array('member', pg_has_role(a.oid, o.oid, 'MEMBER')::text) FROM pg_roles a, pg_roles o
                    WHERE a.rolname = \(admin) AND o.rolname = \(application);
                """)
        var found = Found()
        for row in rows {
            switch row.first ?? nil {
            case "role"?: found.rights[ByteText(row[1] ?? "")] = Set(row.dropFirst(2).compactMap(\.self))
            case "database"?: found.owner = row[1]
            default: found.isMember = row.last?.flatMap { Bool($0) } == true
            }
        }
        return found
    }

    private func refuseForeign(_ found: Found) throws(DeployError) {
        let application = accounts.application
        guard let owner = found.owner,
            application.proved == nil || !owner.utf8.elementsEqual(application.name.utf8)
        else { return }
        throw DeployError(
            .stepFailed, what: "Database \(accounts.database) is there and belongs to \(owner)",
            why: "\(application.name) would not be its owner; nothing was changed",
            next:
                "let database.name name another one, or, if it is this project's: \(PostgreSQLAdvice.psql("ALTER DATABASE \(PostgreSQLText.identifier(accounts.database)) OWNER TO \(PostgreSQLText.identifier(application.name))"))"
        )
    }
}

/// Statements that give a role what it lacks.
enum PostgreSQLGrants {
    static func alter(_ role: String, _ right: String) -> String {
        "ALTER ROLE \(PostgreSQLText.identifier(role)) \(right)"
    }

    static func membership(in role: String, for member: String) -> String {
        "GRANT \(PostgreSQLText.identifier(role)) TO \(PostgreSQLText.identifier(member))"
    }
}
