import DeployCore

/// Extensions that only a superuser may make: the administrator makes them before the application's user loads a dump.
///
/// Of the dump only their names and schemas are used, and only those that the server itself offers. Nobody else is in
/// the new database meanwhile, and it is empty.
struct PostgreSQLExtensions {
    struct Member: Equatable {
        var name: String
        var schema: String
        /// nil for the one the server prefers.
        var version: String?
    }

    let server: PostgreSQLServer
    let payload: PostgreSQLPayload

    /// Those of the dump that the application's user could not make.
    ///
    /// - Throws: `.backupFailed` where the administrator could not make them either.
    func guarded() throws(DeployError) -> [Member] {
        let names = try payload.extensions()
        guard !names.isEmpty, let user = server.owner, case .machine = try server.access.clients.location()
        else {
            return []
        }
        let list = names.map(PostgreSQLText.literal).joined(separator: ", ")
        let offered = try server.answers(
            to: """
                SELECT json_build_array('extension', v.name, v.version) FROM pg_available_extension_versions v
                WHERE v.name IN (\(list)) AND v.superuser AND NOT v.trusted
                    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = \(PostgreSQLText.literal(user)));
                """
        ).map { $0.compactMap(\.self) }.filter { $0.count == 3 }
        let guarded = names.filter { name in offered.contains { $0[1] == name } }
        guard let first = guarded.first else { return [] }
        guard try server.databases.isAdministratorUnbounded() else {
            throw DeployError(
                .backupFailed, what: "Extension \(first) cannot be restored",
                why: "only a superuser may make it, and neither \(user) nor the administrator is one",
                next:
                    "let database.admin name a superuser, or DROP EXTENSION \(PostgreSQLText.identifier(first)) in the live database and take another backup"
            )
        }
        let live = try liveVersions()
        let schemas = try payload.schemas(of: guarded)
        return guarded.map { name in
            let version = live[ByteText(name)]
            let isOffered = offered.contains { $0[1] == name && $0[2] == version }
            return Member(
                name: name, schema: schemas[ByteText(name)] ?? "public", version: isOffered ? version : nil)
        }
    }

    /// What the live database has, where there is one.
    private func liveVersions() throws(DeployError) -> [ByteText: String] {
        guard let live = server.access.definition?.name, try !server.databases.exist([live]).isEmpty else {
            return [:]
        }
        let answers = try server.answers(
            to: "SELECT json_build_array('extension', extname, extversion) FROM pg_extension;", in: live)
        let known = answers.map { $0.compactMap(\.self) }.filter { $0.count == 3 }
        return Dictionary(known.map { (ByteText($0[1]), $0[2]) }, uniquingKeysWith: { first, _ in first })
    }

    /// Makes a new database with these in it; it belongs to the application's user, who may enter it afterwards.
    func create(_ members: [Member], in database: String, _ properties: String) throws(DeployError) {
        try server.databases.create(database, "\(properties) CONNECTION LIMIT 0")
        try server.answers(
            to: members.map(creation).joined(separator: "\n") + lending("GRANT %s ON %s TO %I"), in: database,
            deadline: .seconds(600))
        try server.answers(
            to: "ALTER DATABASE \(PostgreSQLText.identifier(database)) CONNECTION LIMIT -1;")
    }

    private func creation(_ member: Member) -> String {
        let (name, schema) = (
            PostgreSQLText.identifier(member.name), PostgreSQLText.identifier(member.schema)
        )
        let owner = server.owner.map { " AUTHORIZATION \(PostgreSQLText.identifier($0))" } ?? ""
        let version = member.version.map { " VERSION \(PostgreSQLText.literal($0))" } ?? ""
        let place =
            Self.given.contains(member.schema) ? "" : "CREATE SCHEMA IF NOT EXISTS \(schema)\(owner);\n"
        return "\(place)CREATE EXTENSION \(name) WITH SCHEMA \(schema)\(version) CASCADE;"
    }

    /// Schemas that an empty database has.
    private static let given = ["public", "pg_catalog"]

    /// Takes back what loading needed.
    func close(_ database: String) throws(DeployError) {
        try server.answers(to: lending("REVOKE %s ON %s FROM %I"), in: database)
    }

    /// Rows of an extension's own tables that a dump has are loaded by the application's user as well.
    private func lending(_ form: String) -> String {
        """

        SELECT format(\(PostgreSQLText.literal(form)), CASE c.relkind WHEN 'S' THEN 'UPDATE' ELSE 'INSERT' END,
            c.oid::regclass, \(PostgreSQLText.literal(server.owner ?? "")))
        FROM pg_extension e, unnest(e.extconfig) AS config JOIN pg_class c ON c.oid = config
        WHERE NOT pg_has_role(\(PostgreSQLText.literal(server.owner ?? "")), c.relowner, 'MEMBER') \\gexec

        """
    }

    /// The dump's contents without what is there already, as `--use-list` takes them.
    func list(without members: [Member], in database: String) throws(DeployError) -> String {
        let made = Set(
            try server.answers(
                to: "SELECT json_build_array('extension', extname) FROM pg_extension;", in: database
            ).compactMap { $0.last ?? nil })
        let schemas = Set(members.map(\.schema)).subtracting(Self.given)
        return try payload.list().filter { line in
            let words = line.split(at: " ").map(String.init)
            guard words.count > 5, words[0].ends(with: ";") else { return true }
            switch words[3] {
            case "EXTENSION": return !made.contains(words[5])
            case "SCHEMA": return !schemas.contains(words[5])
            case "COMMENT": return words.count < 7 || words[5] != "EXTENSION" || !made.contains(words[6])
            default: return true
            }
        }.joined(separator: "\n") + "\n"
    }
}

extension PostgreSQLPayload {
    /// Names of the extensions in it, those first that others need.
    fileprivate func extensions() throws(DeployError) -> [String] {
        try list().compactMap { line in
            let words = line.split(at: " ")
            return words.count > 5 && words[0].ends(with: ";") && words[3] == "EXTENSION"
                ? String(words[5]) : nil
        }
    }

    /// The schema each of these extensions stands in.
    fileprivate func schemas(of names: [String]) throws(DeployError) -> [ByteText: String] {
        let lines = try read(["--schema-only", "--file=-"]).output.lines
        var schemas: [ByteText: String] = [:]
        for name in names {
            for form in [name, PostgreSQLText.identifier(name)] {
                let beginning = "CREATE EXTENSION IF NOT EXISTS \(form) WITH SCHEMA "
                guard let line = lines.first(where: { $0.begins(with: beginning) && $0.ends(with: ";") }),
                    let rest = line.after(beginning)
                else { continue }
                let schema = String(rest.dropLast())
                schemas[ByteText(name)] =
                    schema.begins(with: "\"")
                    ? String(schema.dropFirst().dropLast()).replacing("\"\"", by: "\"") : schema
            }
        }
        return schemas
    }
}
