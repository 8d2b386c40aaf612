import DeployCore

/// MySQL or MariaDB as the application's database, through the server's own clients.
public struct MySQLApplicationDatabase: ApplicationDatabase {
    private let server: MySQLServer

    public init(_ access: ServerAccess) { server = MySQLServer(access) }

    /// The name of a database that has to be there.
    private func existing(_ location: DatabaseLocation) throws(DeployError) -> String {
        guard try exists(location) else { throw server.databases.missing(location.name) }
        return location.name
    }
}

extension MySQLApplicationDatabase {
    public func create(_ location: DatabaseLocation) throws(DeployError) {
        try server.databases.create(location.name)
    }

    public func reach(_ location: DatabaseLocation) throws(DeployError) -> DatabaseReach {
        try server.access.reach(knowing: MySQLServer.denials) { () throws(DeployError) in
            if try server.databases.exists(location.name) { return true }
            guard location.name == server.access.definition?.name else { return false }
            try server.databases.refuseHidden(location.name)
            return false
        }
    }

    public func greeting(_ location: DatabaseLocation?) throws(DeployError) -> DatabaseGreeting? {
        try server.greeting(in: location?.name)
    }

    public func preparation(of accounts: DatabaseAccounts) -> [String] {
        MySQLPreparation(server: server, accounts: accounts).typed
    }

    public func present(of accounts: DatabaseAccounts) throws(DeployError) -> Set<DatabaseAccounts.Role> {
        try MySQLPreparation(server: server, accounts: accounts).present()
    }

    public func proof(of role: DatabaseAccounts.Role) throws(DeployError) -> String? {
        try MySQLProof(access: server.access, role: role).account()
    }

    public func refuseForeign(_ accounts: DatabaseAccounts) throws(DeployError) {
        try MySQLPreparation(server: server, accounts: accounts).refuseForeign()
    }

    public func prepare(_ accounts: DatabaseAccounts) throws(DeployError) -> [String] {
        try MySQLPreparation(server: server, accounts: accounts).make()
    }

    public func size(_ location: DatabaseLocation) -> Int64 {
        (try? server.databases.size(of: location.name)) ?? 0
    }

    public func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation] {
        try server.databases.siblings(of: location.name).map { DatabaseLocation($0) }
    }

    public func remove(_ location: DatabaseLocation) throws(DeployError) {
        try server.databases.remove(location.name)
    }

    public func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError) {
        try MySQLCopy(server: server, source: existing(source)).run(to: copy.name)
    }

    public func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError) {
        try MySQLSwap(server: server, live: live.name, next: next.name, retired: retired.name).run()
    }

    public func cautions(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution] {
        var cautions: [DatabaseCaution] = []
        let rights = MySQLRights(server: server)
        if server.access.definition?.admin != nil, try rights.isUnbounded() {
            cautions.append(
                DatabaseCaution(
                    subject: "administrator", measured: "\(server.admin) may do everything on the server",
                    next: MySQLDatabases.enoughForAdministrator))
        }
        let objects = try server.structure(of: location.name).objects
        if let obstacle = try rights.obstacle(to: objects) {
            cautions.append(
                DatabaseCaution(
                    subject: "triggers",
                    measured: "\(location.name) has triggers or functions, and \(obstacle)",
                    next: MySQLRights.advice))
        }
        return cautions
    }

    public func lacks(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution] {
        try MySQLRights(server: server).lacks(on: location.name)
    }

    public func endSessions(in location: DatabaseLocation) throws(DeployError) {
        try MySQLEviction(server: server).endSessions(in: location.name)
    }

    public func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest {
        try server.console(in: location.name)
    }

    public func clientFile(_ secrets: [String: String]) -> ClientFile? {
        MySQLOptionFile.mounted(server.access, secrets)
    }
}

extension MySQLApplicationDatabase {
    public var payloadName: String { "database.sql.zst" }

    public func backUp(_ location: DatabaseLocation, to payload: String, readingBack: Bool)
        throws(DeployError) -> DatabaseSnapshot
    {
        try MySQLBackup(server, of: existing(location), to: payload).take(readingBack: readingBack)
    }

    public func restore(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?
    ) throws(DeployError) {
        try MySQLRestore(server, payload).run(to: location.name, atMost: most)
    }

    public func adopt(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?
    ) throws(DeployError) {
        try MySQLRestore(server, payload).run(to: location.name, atMost: most)
    }

    public func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary {
        try MySQLSummary.take(of: existing(location), on: server)
    }

    public func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn] {
        try MySQLColumns(server: server, database: existing(location)).list()
    }

    public func definitions(of location: DatabaseLocation) throws(DeployError) -> [(
        table: String, text: String
    )] {
        try MySQLTableDefinitions(server: server, database: location.name).list()
    }

    public func lighten(_ location: DatabaseLocation, by tables: [String]) throws(DeployError) {
        try MySQLUntouchedRows(server: server, database: location.name).remove(from: tables)
    }
}

extension MySQLApplicationDatabase {
    public func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration] {
        try MySQLMigrations(server: server, database: location.name).recorded()
    }

    public func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError) {
        try MySQLMigrations(server: server, database: location.name).apply(migration)
        try server.pauseEvents(in: location.name)
    }

    public func endMigration(in location: DatabaseLocation) throws(DeployError) {
        try MySQLMigrations(server: server, database: location.name).endConnection()
    }

    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        try MySQLScript(server: server, database: location.name).run(file)
        try server.pauseEvents(in: location.name)
    }

    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        try MySQLMasking(server: server, original: original.name, masked: masked.name).compare(columns)
    }
}
