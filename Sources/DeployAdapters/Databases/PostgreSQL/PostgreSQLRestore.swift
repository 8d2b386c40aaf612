import DeployCore

/// Makes a new database of a dump in one transaction; nothing of it stays when anything fails.
///
/// The application's user loads it: functions of the dump run meanwhile, and with a session of the administrator they
/// could take his rights back.
struct PostgreSQLRestore {
    private let server: PostgreSQLServer
    private let payload: PostgreSQLPayload
    private let most: Int64?

    /// `most`: bytes of SQL that may come out of the dump at `path`; nil where nobody knows.
    init(_ server: PostgreSQLServer, _ path: String, atMost most: Int64?) {
        self.server = server
        self.most = most
        payload = PostgreSQLPayload(path: path, server: server)
    }

    /// With owners and rights as they were.
    func run(to database: String) throws(DeployError) { try run(to: database, []) }

    /// Nobody the dump names has to be on this server: all of it belongs to the own user.
    func adopt(to database: String) throws(DeployError) {
        try run(to: database, ["--no-owner", "--no-privileges"])
    }

    private func run(to database: String, _ options: [String]) throws(DeployError) {
        if let most, !payload.isPacked { try payload.decode(atMost: most) }
        try refuseMisfits(try payload.contents())
        let properties = try payload.properties()
        guard try server.databases.exist([database]).isEmpty else {
            throw failure(database, "a database of this name is there", Self.again)
        }
        do throws(DeployError) {
            let result = try load(into: database, properties, options)
            guard result.succeeded else { throw failure(database, result) }
            try server.answers(
                to: "ANALYZE;", in: database, as: .application, deadline: PostgreSQLServer.long)
        } catch {
            try? server.databases.remove(database)
            throw error.recast(as: .backupFailed)
        }
    }

    /// In one transaction, unless the server cannot hold so many locks.
    private func load(into database: String, _ properties: String, _ options: [String]) throws(DeployError)
        -> CommandResult
    {
        let extensions = PostgreSQLExtensions(server: server, payload: payload)
        let guarded = try extensions.guarded()
        func fill(_ options: [String]) throws(DeployError) -> CommandResult {
            guard !guarded.isEmpty else {
                try server.databases.create(database, properties)
                return try load(into: database, options)
            }
            try extensions.create(guarded, in: database, properties)
            let list = try CredentialsFile(
                extensions.list(without: guarded, in: database), of: server.access, keeps: false)
            let result = try load(into: database, options + ["--use-list=\(list.path)"])
            return try withExtendedLifetime(list) { () throws(DeployError) in
                try extensions.close(database)
                return result
            }
        }
        let result = try fill(options + ["--single-transaction"])
        guard result.errors.holds("max_locks_per_transaction") else { return result }
        try server.databases.remove(database)
        return try fill(options)
    }

    private func load(into database: String, _ options: [String]) throws(DeployError) -> CommandResult {
        try payload.feed(
            options + [
                "--exit-on-error", "--no-password",
                "--dbname=\(PostgreSQLText.connection(to: database))",
            ], as: .application, atMost: most, readingAll: true)
    }

    private func refuseMisfits(_ contents: PostgreSQLPayload.Contents) throws(DeployError) {
        let reader = try server.version(of: "pg_restore")
        guard reader >= contents.writer else {
            throw misfit("pg_restore \(reader) is older than pg_dump \(contents.writer), which wrote it")
        }
        let version = try server.version()
        guard version >= contents.server else {
            throw misfit("the server has version \(version), the backup comes from \(contents.server)")
        }
    }

    private func misfit(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The backup does not fit this server", why: "\(why); nothing was changed",
            next: "install a version that is not older")
    }

    private static let again = "look at the reason, then run it again"

    private func failure(_ database: String, _ load: CommandResult) -> DeployError {
        let refusals = ["permission denied", "must be ", "role \""]
        let isDenied = refusals.contains { load.errors.holds($0) }
        let user = server.owner ?? "the application's user"
        return failure(
            database, load.complaint,
            server.access.advice(for: load.complaint)
                ?? (isDenied
                    ? "have \(user) own everything in the live database (REASSIGN OWNED BY) and remove what only a superuser may make, then take another backup"
                    : Self.again))
    }

    private func failure(_ database: String, _ why: String, _ next: String) -> DeployError {
        DeployError(
            .backupFailed, what: "Database \(database) cannot be restored", why: why, next: next)
    }
}
