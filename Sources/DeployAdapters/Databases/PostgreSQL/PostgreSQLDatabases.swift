import DeployCore

/// A server's databases, each by its name.
struct PostgreSQLDatabases {
    let server: PostgreSQLServer

    /// Makes an empty one with encoding and collation of the live one, if there is one.
    func create(_ name: String) throws(DeployError) {
        let live = server.access.definition?.name ?? name
        try server.answers(
            to: """
                SELECT concat_ws(' ', \(PostgreSQLText.literal(beginning(name))), (
                    SELECT format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype)
                        || CASE to_jsonb(d) ->> 'datlocprovider'
                            WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L',
                                coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
                            WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> 'datlocale')
                            ELSE '' END
                    FROM pg_database d WHERE datname = \(PostgreSQLText.literal(live)))) \\gexec
                """, deadline: .seconds(300))
    }

    /// Makes an empty one; `properties` are its encoding and collation as `CREATE DATABASE` takes them.
    func create(_ name: String, _ properties: String) throws(DeployError) {
        try server.answers(to: "\(beginning(name)) \(properties);", deadline: .seconds(300))
    }

    private func beginning(_ name: String) -> String {
        "CREATE DATABASE \(PostgreSQLText.identifier(name)) TEMPLATE template0\(server.ownership)"
    }

    /// Which of these are there.
    func exist(_ names: [String]) throws(DeployError) -> Set<String> {
        let list = names.map(PostgreSQLText.literal).joined(separator: ", ")
        return Set(
            try server.answers(
                to: "SELECT json_build_array('name', datname) FROM pg_database WHERE datname IN (\(list));"
            ).compactMap { $0.last ?? nil })
    }

    /// A condition in SQL.
    static func exists(_ name: String) -> String {
        "EXISTS (SELECT FROM pg_database WHERE datname = \(PostgreSQLText.literal(name)))"
    }

    /// Whether who makes and renames databases may do everything on the server.
    func isAdministratorUnbounded() throws(DeployError) -> Bool {
        let answers = try server.answers(
            to:
                "SELECT json_build_array('superuser', rolsuper::text) FROM pg_roles WHERE rolname = session_user;"
        )
        return (answers.first?.last ?? nil).flatMap { Bool($0) } == true
    }

    /// What who makes databases for the application's user may not do.
    func lacks() throws(DeployError) -> [DatabaseCaution] {
        let owner = server.owner ?? ""
        let rows = try server.answers(
            to: """
                SELECT json_build_array(rolname, (rolcreatedb OR rolsuper)::text, current_setting('transaction_read_only'),
                    (SELECT pg_has_role(session_user, o.oid, 'MEMBER')::text FROM pg_roles o
                        WHERE o.rolname = \(PostgreSQLText.literal(owner))))
                FROM pg_roles WHERE rolname = session_user;
                """)
        guard let row = rows.first, row.count == 4, let admin = row[0] else { return [] }
        if row[2] == "on" {
            return [
                DatabaseCaution(
                    subject: "writes", measured: "the server takes none: it is read-only",
                    next: PostgreSQLAdvice.otherServer)
            ]
        }
        var lacks: [DatabaseCaution] = []
        if row[1] == "false" {
            lacks.append(
                DatabaseCaution(
                    subject: "creation",
                    measured: "\(admin) may not make databases, as each proof of a backup does",
                    next: PostgreSQLAdvice.alter(admin, "CREATEDB")))
        }
        if row[3] == "false" {
            lacks.append(
                DatabaseCaution(
                    subject: "membership",
                    measured: "\(admin) is no member of \(owner), who owns what it makes",
                    next: PostgreSQLAdvice.grant(owner, to: admin)))
        }
        return lacks
    }

    func size(of name: String) -> Int64 {
        let findings = try? server.answers(
            to: """
                SELECT json_build_array('size', pg_database_size(oid)::text)
                FROM pg_database WHERE datname = \(PostgreSQLText.literal(name));
                """)
        return findings?.first?.last?.flatMap { Int64($0) } ?? 0
    }

    func siblings(of live: String) throws(DeployError) -> [String] {
        try server.answers(
            to: """
                SELECT json_build_array('name', datname) FROM pg_database
                WHERE starts_with(datname, \(PostgreSQLText.literal("\(live)__"))) ORDER BY datname COLLATE "C";
                """
        ).compactMap { $0.last ?? nil }.filter { SiblingName.matches($0, of: live) }
    }

    /// With those who are connected; the server's own workers, which nobody but a superuser may end, give way without force.
    func remove(_ name: String) throws(DeployError) {
        let drop = "DROP DATABASE IF EXISTS \(PostgreSQLText.identifier(name))"
        do throws(DeployError) {
            try server.answers(to: "\(drop) WITH (FORCE);", deadline: .seconds(300))
        } catch {
            guard error.why.holds("terminat") else { throw error }
            try server.answers(to: "\(drop);", deadline: .seconds(300))
        }
    }
}
