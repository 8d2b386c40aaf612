import DeployCore

/// Makes a new database of a dump; nothing is left of one that fails.
struct MySQLRestore {
    let server: MySQLServer
    let payload: MySQLPayload

    func run(to database: String) throws(DeployError) {
        let trailer = try payload.check()
        let version = try server.query("SELECT VERSION();").first?.first ?? ""
        guard MySQLVersion(version).reads(MySQLVersion(trailer.version)) else {
            throw DeployError(
                .backupFailed, what: "The backup cannot be restored here",
                why: "it was taken from \(trailer.version), the server is \(version)",
                next: "restore it to a server at least as new")
        }
        guard try !server.exists(database) else {
            throw DeployError(
                .stepFailed, what: "Database \(database) exists already",
                why: "a restore makes a new one and changes none", next: "remove it or choose another name")
        }
        try server.create(database, characterSet: trailer.characterSet, collation: trailer.collation)
        do throws(DeployError) {
            let place = server.place(of: database)
            let (source, sink) = server.runner.runPiped(
                payload.reading, into: try server.client(in: database),
                through: place == .live ? nil : MySQLEventFilter(from: .live, to: place))
            guard sink.succeeded else { throw server.refusal(sink, code: .backupFailed) }
            guard source.succeeded else { throw payload.unusable(source.complaint) }
            if place == .copy, try server.runsEvents(database) {
                throw payload.unusable("an event of it is written in a way that is not known")
            }
        } catch {
            try server.discard(database)
            throw error
        }
    }
}

/// Makes a second database of one that nothing writes to.
struct MySQLCopy {
    let server: MySQLServer
    let source: String

    func run(to copy: String) throws(DeployError) {
        let structure = try server.structure(of: source)
        try server.create(copy, characterSet: structure.characterSet, collation: structure.collation)
        do throws(DeployError) {
            let (dump, client) = server.runner.runPiped(
                try server.dump(of: source), into: try server.client(in: copy),
                through: MySQLEventFilter(from: server.place(of: source), to: server.place(of: copy)))
            for result in [client, dump] where !result.succeeded { throw server.refusal(result) }
            let differences = try server.differences(of: copy, from: source)
            guard differences.isEmpty else {
                throw DeployError(
                    .stepFailed, what: "The copy \(copy) is not equal to \(source)",
                    why: differences.joined(separator: "; "), next: "run it again while nothing writes")
            }
        } catch {
            try server.discard(copy)
            throw error
        }
    }
}

extension MySQLServer {
    /// Removes what was only begun; a statement of it may still run.
    func discard(_ database: String) throws(DeployError) {
        try endSessions(in: database)
        try drop(database)
    }
}

/// A server's version as it tells it: `8.0.36`, `10.11.6-MariaDB-log`.
struct MySQLVersion {
    let isMariaDB: Bool
    let numbers: [Int]

    init(_ text: String) {
        isMariaDB = text.lowercased().contains("mariadb")
        // Before MariaDB 11 some clients are told 5.5.5- in front of the version.
        let start = text.hasPrefix("5.5.5-") ? text.dropFirst(6) : text[...]
        let digits = start.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        numbers = digits.split(separator: ".").compactMap { Int($0) }
    }

    /// Whether dumps of `other` can be restored here.
    func reads(_ other: MySQLVersion) -> Bool {
        isMariaDB == other.isMariaDB && !numbers.isEmpty && !other.numbers.isEmpty
            && !numbers.lexicographicallyPrecedes(other.numbers)
    }
}
