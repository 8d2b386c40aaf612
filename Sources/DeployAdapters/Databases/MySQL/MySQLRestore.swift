import DeployCore

/// Makes a new database of a dump, with the rights of the application's user; nothing is left of one that fails.
struct MySQLRestore {
    private let server: MySQLServer
    private let payload: MySQLPayload

    init(_ server: MySQLServer, _ path: String) {
        self.server = server
        payload = MySQLPayload(path: path, runner: server.access.commands)
    }

    /// `most`: bytes of the dump, its last line included; nil where nobody knows.
    func run(to database: String, atMost most: Int64?) throws(DeployError) {
        let trailer = try payload.check(atMost: most)
        let version = try server.query("SELECT VERSION();").first?.first ?? ""
        guard MySQLVersion(version).reads(MySQLVersion(trailer.version)) else {
            throw DeployError(
                .backupFailed, what: "The backup cannot be restored here",
                why: "it was taken from \(trailer.version), the server is \(version)",
                next: "restore it to a server at least as new")
        }
        guard try !server.databases.exists(database) else {
            throw DeployError(
                .stepFailed, what: "Database \(database) exists already",
                why: "a restore makes a new one and changes none", next: "remove it or choose another name")
        }
        try server.databases.create(
            database, characterSet: trailer.characterSet, collation: trailer.collation)
        do throws(DeployError) {
            let place = server.place(of: database)
            let (source, sink) = server.access.commands.runPiped(
                payload.reading, into: try server.client(in: database, as: .application),
                through: server.loading(from: .live, to: place))
            guard sink.succeeded else { throw server.refusal(sink, code: .backupFailed) }
            guard source.succeeded else { throw payload.unusable(source.complaint) }
            if place == .copy, try server.runsEvents(database) {
                throw payload.unusable("an event of it is written in a way that is not known")
            }
        } catch {
            try server.databases.discard(database)
            throw error
        }
    }
}
