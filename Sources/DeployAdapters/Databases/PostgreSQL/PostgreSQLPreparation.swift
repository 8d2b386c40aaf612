import DeployCore

/// Makes roles, a database and what connects them, as the server's administrator.
struct PostgreSQLPreparation {
    let server: PostgreSQLServer
    let accounts: DatabaseAccounts

    /// For psql, which asks for each password itself and sends no more than its hash.
    var typed: [String] {
        var lines: [String] = []
        for (account, rights) in roles {
            lines.append("\(Self.creation(of: account.name, rights));")
            lines.append("\\password \(PostgreSQLText.identifier(account.name))")
        }
        if let membership { lines.append("\(membership);") }
        return lines + ["\(database);"]
    }

    /// What is missing alone is made; a role that is there keeps its password.
    func make() throws(DeployError) -> [String] {
        try PostgreSQLText.check(DatabaseLocation(accounts.database))
        let found = try look()
        var (done, script): ([String], [String]) = ([], [])
        for (account, rights) in roles {
            guard let has = found.roles[account.name] else {
                let creation = Self.creation(of: account.name, rights)
                done.append(creation)
                script.append(
                    creation
                        + (account.password.map { " PASSWORD \(PostgreSQLText.literal($0.exposed))" } ?? ""))
                continue
            }
            for right in rights where has.isDisjoint(with: [right, "SUPERUSER"]) {
                done.append(PostgreSQLGrants.alter(account.name, right))
                script.append(PostgreSQLGrants.alter(account.name, right))
            }
        }
        if let membership, !found.isMember {
            done.append(membership)
            script.append(membership)
        }
        if !script.isEmpty { try server.answers(to: Self.quiet + script.map { "\($0);\n" }.joined()) }
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

    /// Who makes databases is made last, when the application's is there.
    private var roles: [(DatabaseAccounts.Account, [String])] {
        guard let admin = accounts.admin else { return [(accounts.application, ["LOGIN", "CREATEDB"])] }
        return [(accounts.application, ["LOGIN"]), (admin, ["LOGIN", "CREATEDB"])]
    }

    private var membership: String? {
        accounts.admin.map { PostgreSQLGrants.membership(in: accounts.application.name, for: $0.name) }
    }

    private var database: String {
        "CREATE DATABASE \(PostgreSQLText.identifier(accounts.database)) OWNER \(PostgreSQLText.identifier(accounts.application.name))"
    }

    private static func creation(of role: String, _ rights: [String]) -> String {
        "CREATE ROLE \(PostgreSQLText.identifier(role)) \(rights.joined(separator: " "))"
    }

    private struct Found {
        /// What each role has, in the words that give it.
        var roles: [String: Set<String>] = [:]
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
            case "role"?: found.roles[row[1] ?? ""] = Set(row.dropFirst(2).compactMap(\.self))
            case "database"?: found.owner = row[1]
            default: found.isMember = row.last?.flatMap { Bool($0) } == true
            }
        }
        if let owner = found.owner, !owner.utf8.elementsEqual(accounts.application.name.utf8) {
            throw DeployError(
                .stepFailed, what: "Database \(accounts.database) is there and belongs to \(owner)",
                why: "\(accounts.application.name) would not be its owner; nothing was changed",
                next:
                    "let database.name name another one, or, if it is this project's: \(PostgreSQLAdvice.psql("ALTER DATABASE \(PostgreSQLText.identifier(accounts.database)) OWNER TO \(PostgreSQLText.identifier(accounts.application.name))"))"
            )
        }
        return found
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
