import DeployCore

/// PostgreSQL as the application's database, through its own client programs.
public struct PostgreSQLApplicationDatabase: ApplicationDatabase {
    private let server: PostgreSQLServer

    public init(_ access: ServerAccess) { server = PostgreSQLServer(access) }

    private func name(_ location: DatabaseLocation) throws(DeployError) -> String {
        try PostgreSQLText.check(location)
        return location.name
    }
}

extension PostgreSQLApplicationDatabase {
    public func create(_ location: DatabaseLocation) throws(DeployError) {
        try server.databases.create(name(location))
    }

    public func reach(_ location: DatabaseLocation) throws(DeployError) -> DatabaseReach {
        let name = try name(location)
        return try server.access.reach(knowing: PostgreSQLServer.denials) { () throws(DeployError) in
            try server.refuseSetUp()
            return try server.databases.exist([name]).contains { $0 == name }
        }
    }

    public func greeting(_ location: DatabaseLocation?) throws(DeployError) -> DatabaseGreeting? {
        try server.greeting(in: try location.map { location throws(DeployError) in try name(location) })
    }

    public func preparation(of accounts: DatabaseAccounts) -> [String] {
        PostgreSQLPreparation(server: server, accounts: accounts).typed
    }

    public func present(of accounts: DatabaseAccounts) throws(DeployError) -> Set<DatabaseAccounts.Role> {
        try PostgreSQLPreparation(server: server, accounts: accounts).present()
    }

    public func proof(of role: DatabaseAccounts.Role) throws(DeployError) -> String? {
        try PostgreSQLProof(access: server.access, role: role).account()
    }

    public func refuseForeign(_ accounts: DatabaseAccounts) throws(DeployError) {
        try PostgreSQLPreparation(server: server, accounts: accounts).refuseForeign()
    }

    public func prepare(_ accounts: DatabaseAccounts) throws(DeployError) -> [String] {
        try PostgreSQLPreparation(server: server, accounts: accounts).make()
    }

    public func size(_ location: DatabaseLocation) -> Int64 { server.databases.size(of: location.name) }

    public func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation] {
        try server.databases.siblings(of: location.name).map { DatabaseLocation($0) }
    }

    public func remove(_ location: DatabaseLocation) throws(DeployError) {
        try server.databases.remove(name(location))
    }

    public func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError) {
        try PostgreSQLCopy(server: server, source: name(source)).run(to: name(copy))
    }

    public func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError) {
        try PostgreSQLSwap(server: server, live: name(live), next: name(next), retired: name(retired)).run()
    }

    public func cautions(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution] {
        guard let admin = server.access.definition?.admin, try server.databases.isAdministratorUnbounded()
        else { return [] }
        let user = server.owner ?? ""
        return [
            DatabaseCaution(
                subject: "administrator", measured: "\(admin.user) is a superuser of the server",
                next:
                    "let database.admin name a role that has LOGIN and CREATEDB and is a member of \(user); it needs no more"
            )
        ]
    }

    public func lacks(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution] {
        try server.databases.lacks() + PostgreSQLTools(server: server).lacks()
    }

    public func endSessions(in location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLEviction(server: server).endSessions(in: name(location))
    }

    public func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest {
        try server.console(in: name(location))
    }
}

extension PostgreSQLApplicationDatabase {
    public var payloadName: String { "database.dump.zst" }

    public func backUp(_ location: DatabaseLocation, to payload: String, readingBack: Bool)
        throws(DeployError) -> DatabaseSnapshot
    {
        try PostgreSQLBackup(server, of: name(location), to: payload).take(readingBack: readingBack)
    }

    public func restore(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?
    ) throws(DeployError) {
        try PostgreSQLRestore(server, payload, atMost: most).run(to: name(location))
    }

    public func adopt(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?
    ) throws(DeployError) {
        try PostgreSQLRestore(server, payload, atMost: most).adopt(to: name(location))
    }

    public func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary {
        try PostgreSQLSummary.take(of: name(location), on: server)
    }

    public func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn] {
        try PostgreSQLColumns(server: server, database: name(location)).list()
    }

    public func lighten(_ location: DatabaseLocation, by tables: [String]) throws(DeployError) {
        // What cannot be emptied is only copied once more.
        try? PostgreSQLUntouchedRows(server: server, database: name(location)).remove(from: tables)
    }
}

extension PostgreSQLApplicationDatabase {
    public func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration] {
        try PostgreSQLMigrations(server: server, database: name(location)).recorded()
    }

    public func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLMigrations(server: server, database: name(location)).apply(migration)
    }

    public func endMigration(in location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLMigrations(server: server, database: name(location)).end()
    }

    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLScript(server: server, database: name(location)).run(file)
    }

    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        try PostgreSQLMasking(server: server, original: name(original), masked: name(masked)).compare(columns)
    }
}
