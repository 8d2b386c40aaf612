import DeployCore

/// PostgreSQL as the application's database, through its own client programs.
public struct PostgreSQLApplicationDatabase: ApplicationDatabase {
    let client: PostgreSQLClient
    let definition: Environment.Database?

    public let payloadName = "database.dump"

    public init(
        _ layout: Layout, clients: ServerClients? = nil, commands: ProcessCommandRunner,
        secrets: any SecretStore, files: any FileStore
    ) {
        client = PostgreSQLClient(
            layout, clients: clients ?? ServerClients(layout: layout, commands: commands), commands: commands,
            secrets: secrets, files: files)
        definition = layout.environment.database
    }

    public func create(_ location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLText.check(location)
        let live = definition?.name ?? location.name
        try client.answers(
            to: PostgreSQLScripts.create(location.name, owner: owner, like: live), deadline: .seconds(300))
    }

    public func exists(_ location: DatabaseLocation) throws(DeployError) -> Bool {
        try PostgreSQLText.check(location)
        do throws(DeployError) { return try existing([location]).contains(location) } catch {
            if client.clients.neverStarted { return false }
            throw error
        }
    }

    public func size(_ location: DatabaseLocation) -> Int64 {
        let name = PostgreSQLText.literal(location.name)
        let findings = try? client.answers(
            to: """
                SELECT json_build_array('size', pg_database_size(oid)::text)
                FROM pg_database WHERE datname = \(name);
                """)
        return findings?.first?.last?.flatMap { Int64($0) } ?? 0
    }

    public func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary {
        try PostgreSQLText.check(location)
        let findings = try client.answers(
            to: PostgreSQLSummaryScript.begin + PostgreSQLSummaryScript.all, in: location.name,
            deadline: .seconds(4 * 3600))
        return try PostgreSQLSummary(findings).summary
    }

    public func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn] {
        try PostgreSQLText.check(location)
        let findings = try client.answers(
            to: PostgreSQLSummaryScript.begin + PostgreSQLSummaryScript.columns, in: location.name)
        return findings.compactMap { finding in
            let words = finding.compactMap(\.self)
            return words.count == 4 && words[0] == "column"
                ? TableColumn(table: words[1], name: words[2], type: words[3]) : nil
        }
    }

    public func remove(_ location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLText.check(location)
        try client.answers(
            to: "DROP DATABASE IF EXISTS \(PostgreSQLText.identifier(location.name)) WITH (FORCE);",
            deadline: .seconds(300))
    }

    public func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation] {
        let stem = "\(location.name)__"
        let findings = try client.answers(
            to: """
                SELECT json_build_array('name', datname) FROM pg_database
                WHERE starts_with(datname, \(PostgreSQLText.literal(stem))) ORDER BY datname COLLATE "C";
                """)
        return findings.compactMap { $0.last ?? nil }
            .filter { SiblingName.matches($0, of: location.name) }.map { DatabaseLocation($0) }
    }

    public func endSessions(in location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLText.check(location)
        try client.answers(to: PostgreSQLScripts.endSessions(in: location.name))
    }

    public func endMigration(in location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLText.check(location)
        try client.answers(
            to: PostgreSQLScripts.endHolders(of: PostgreSQLMigrations.lock, in: location.name))
    }

    public func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest {
        try PostgreSQLText.check(location)
        return try client.door(keeps: true).request("psql", [], in: location.name, terminal: true)
    }

    /// Who of these is there.
    func existing(_ locations: [DatabaseLocation]) throws(DeployError) -> Set<DatabaseLocation> {
        let names = locations.map { PostgreSQLText.literal($0.name) }.joined(separator: ", ")
        let findings = try client.answers(
            to: "SELECT json_build_array('name', datname) FROM pg_database WHERE datname IN (\(names));")
        return Set(findings.compactMap { $0.last ?? nil }.map { DatabaseLocation($0) })
    }

    /// The application's user owns what deployctl makes for it.
    var owner: String? { definition?.user ?? definition?.admin?.user }
}
