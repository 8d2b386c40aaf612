import DeployCore

/// MySQL or MariaDB as the application's database, through the server's own clients.
public struct MySQLApplicationDatabase: ApplicationDatabase {
    let server: MySQLServer

    public init(
        _ layout: Layout, clients: ServerClients? = nil, commands: ProcessCommandRunner,
        secrets: any SecretStore, files: any FileStore
    ) {
        server = MySQLServer(
            layout, clients: clients ?? ServerClients(layout: layout, commands: commands), runner: commands,
            secrets: secrets, files: files)
    }

    public let payloadName = "database.sql.zst"

    /// With the character set of the live one, if there is one.
    public func create(_ location: DatabaseLocation) throws(DeployError) {
        guard let live = server.layout.database(.live), live != location, try exists(live) else {
            return try server.create(location.name, characterSet: "utf8mb4", collation: nil)
        }
        let model = try server.structure(of: live.name)
        try server.create(location.name, characterSet: model.characterSet, collation: model.collation)
    }

    public func exists(_ location: DatabaseLocation) throws(DeployError) -> Bool {
        do throws(DeployError) { return try server.exists(location.name) } catch {
            if server.clients.neverStarted { return false }
            throw error
        }
    }

    public func size(_ location: DatabaseLocation) -> Int64 { (try? server.size(of: location.name)) ?? 0 }

    public func backUp(_ location: DatabaseLocation, to payload: String) throws(DeployError)
        -> DatabaseSnapshot
    {
        try demand(location)
        return try MySQLBackup(server, of: location.name, to: payload).take()
    }

    public func restore(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        try MySQLRestore(server: server, payload: MySQLPayload(path: payload, runner: server.runner))
            .run(to: location.name)
    }

    public func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary {
        try demand(location)
        return try server.summarise(location.name)
    }

    public func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn] {
        try demand(location)
        return try server.query(
            """
            SELECT table_name, column_name, CONCAT(column_type, IF(is_nullable = 'NO', ' NOT NULL', ''))
            FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = \(MySQLText.literal(location.name)) AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
                AND table_name <> '\(MySQLSwap.marker)' ORDER BY table_name, ordinal_position;
            """
        ).filter { $0.count == 3 }.map { TableColumn(table: $0[0], name: $0[1], type: $0[2]) }
    }

    public func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration] {
        try MySQLMigrations(server: server, database: location.name).recorded()
    }

    public func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError) {
        try MySQLMigrations(server: server, database: location.name).apply(migration)
        try server.pauseEvents(in: location.name)
    }

    /// What an interrupted run still does in a database made beside the live one is ended first.
    public func remove(_ location: DatabaseLocation) throws(DeployError) {
        try server.throughOneSession { () throws(DeployError) in
            if let live = server.layout.database(.live), SiblingName.matches(location.name, of: live.name) {
                try server.endSessions(in: location.name)
            }
            try server.drop(location.name)
        }
    }

    public func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation] {
        try server.databases(like: "%").filter { SiblingName.matches($0, of: location.name) }
            .map { DatabaseLocation($0) }
    }

    /// A dump read at once; what arrived is compared with the source.
    public func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError) {
        try demand(source)
        try MySQLCopy(server: server, source: source.name).run(to: copy.name)
    }

    public func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError) {
        try MySQLSwap(server: server, live: live.name, next: next.name, retired: retired.name).run()
    }

    public func endSessions(in location: DatabaseLocation) throws(DeployError) {
        try server.endSessions(in: location.name)
    }

    public func endMigration(in location: DatabaseLocation) throws(DeployError) {
        try MySQLMigrations(server: server, database: location.name).end()
    }

    public func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest {
        try server.console(in: location.name)
    }

    private func demand(_ location: DatabaseLocation) throws(DeployError) {
        guard try exists(location) else { throw server.missing(location.name) }
    }
}
