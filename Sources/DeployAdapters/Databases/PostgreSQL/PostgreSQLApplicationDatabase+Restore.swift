import DeployCore

extension PostgreSQLApplicationDatabase {
    /// Builds a new database in one transaction, with owners and rights as they were; nothing of it stays when
    /// anything fails.
    public func restore(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        try restore(payload, to: location, [])
    }

    func restore(_ payload: String, to location: DatabaseLocation, _ options: [String]) throws(DeployError) {
        try PostgreSQLText.check(location)
        let archive = PostgreSQLArchive(path: payload, client: client)
        try refuseMisfits(try archive.contents())
        let properties = try archive.properties()
        guard try !exists(location) else { throw failure(location, "a database of this name is there") }
        do throws(DeployError) {
            try makeEmpty(location, properties)
            var result = try load(payload, into: location, options + ["--single-transaction"])
            if result.errors.contains("max_locks_per_transaction") {
                try remove(location)
                try makeEmpty(location, properties)
                result = try load(payload, into: location, options)
            }
            guard result.succeeded else { throw failure(location, result.complaint) }
            try client.answers(to: "ANALYZE;", in: location.name, deadline: Self.long)
        } catch {
            try? remove(location)
            throw error.recast(as: .backupFailed)
        }
    }

    private func makeEmpty(_ location: DatabaseLocation, _ properties: String) throws(DeployError) {
        try client.answers(
            to: "\(PostgreSQLScripts.begin(location.name, owner)) \(properties);", deadline: .seconds(300))
    }

    private func load(_ payload: String, into location: DatabaseLocation, _ options: [String])
        throws(DeployError) -> CommandResult
    {
        try client.run(
            "pg_restore",
            options + [
                "--exit-on-error", "--no-password",
                "--dbname=\(PostgreSQLText.connection(to: location.name))",
            ], deadline: Self.long
        ) { $0.inputFile = payload }
    }

    private func refuseMisfits(_ contents: PostgreSQLArchive.Contents) throws(DeployError) {
        let reader = try client.version(of: "pg_restore")
        guard reader >= contents.writer else {
            throw misfit("pg_restore \(reader) is older than pg_dump \(contents.writer), which wrote it")
        }
        let server = try client.serverVersion()
        guard server >= contents.server else {
            throw misfit("the server has version \(server), the backup comes from \(contents.server)")
        }
    }

    private func misfit(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The backup does not fit this server", why: "\(why); nothing was changed",
            next: "install a version that is not older")
    }

    private func failure(_ location: DatabaseLocation, _ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "Database \(location.name) cannot be restored", why: why,
            next: "look at the reason, then run it again")
    }
}
