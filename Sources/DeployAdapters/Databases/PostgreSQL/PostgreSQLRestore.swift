import DeployCore

/// Makes a new database of a dump in one transaction; nothing of it stays when anything fails.
struct PostgreSQLRestore {
    private let server: PostgreSQLServer
    private let payload: PostgreSQLPayload

    init(_ server: PostgreSQLServer, _ path: String) {
        self.server = server
        payload = PostgreSQLPayload(path: path, server: server)
    }

    /// With owners and rights as they were.
    func run(to database: String) throws(DeployError) { try run(to: database, []) }

    /// Nobody the dump names has to be on this server: all of it belongs to the own user.
    func adopt(to database: String) throws(DeployError) {
        let user = server.owner.map { ["--role=\($0)"] } ?? []
        try run(to: database, ["--no-owner", "--no-privileges"] + user)
    }

    private func run(to database: String, _ options: [String]) throws(DeployError) {
        try refuseMisfits(try payload.contents())
        let properties = try payload.properties()
        guard try server.databases.exist([database]).isEmpty else {
            throw failure(database, "a database of this name is there")
        }
        do throws(DeployError) {
            try server.databases.create(database, properties)
            var result = try load(into: database, options + ["--single-transaction"])
            if result.errors.holds("max_locks_per_transaction") {
                try server.databases.remove(database)
                try server.databases.create(database, properties)
                result = try load(into: database, options)
            }
            guard result.succeeded else { throw failure(database, result.complaint) }
            try server.answers(to: "ANALYZE;", in: database, deadline: PostgreSQLServer.long)
        } catch {
            try? server.databases.remove(database)
            throw error.recast(as: .backupFailed)
        }
    }

    private func load(into database: String, _ options: [String]) throws(DeployError) -> CommandResult {
        try server.run(
            "pg_restore",
            options + [
                "--exit-on-error", "--no-password",
                "--dbname=\(PostgreSQLText.connection(to: database))",
            ], deadline: PostgreSQLServer.long
        ) { $0.inputFile = payload.path }
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

    private func failure(_ database: String, _ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "Database \(database) cannot be restored", why: why,
            next: "look at the reason, then run it again")
    }
}
