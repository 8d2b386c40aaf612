import DeployCore
import Glibc

/// Dumps one database and summarises the very snapshot of the dump.
///
/// The server cannot share a snapshot between connections. So one connection holds all writes, the dump opens its
/// snapshot, the connection opens its own and lets writes go on: nothing can be committed between the two.
final class MySQLBackup {
    private let server: MySQLServer
    private let database: String
    private let payload: MySQLPayload
    /// What all dumps of this backup had together: at least what is in the one that counts.
    private let meter = StreamMeter()

    init(_ server: MySQLServer, of database: String, to path: String) {
        self.server = server
        self.database = database
        payload = MySQLPayload(path: path, runner: server.access.commands)
    }

    func take(readingBack: Bool) throws(DeployError) -> DatabaseSnapshot {
        do throws(DeployError) {
            let (summary, migrations, structure) = try observed()
            try payload.seal(
                MySQLPayload.Trailer(
                    version: structure.version, characterSet: structure.characterSet,
                    collation: structure.collation))
            if readingBack { _ = try payload.check() }
            return DatabaseSnapshot(
                summary: summary, migrations: migrations, versions: ["server": structure.version],
                unpacked: meter.passed + MySQLPayload.sealLimit)
        } catch {
            unlink(payload.path)
            throw MySQLLocks(server: server, database: database).naming(error.recast(as: .backupFailed))
        }
    }

    private var place: MySQLEventPlace { server.place(of: database) }

    /// A payload says of events what they are where the database is live.
    private var filter: any StreamFilter {
        guard place != .live else { return meter }
        return StreamFilterChain(filters: [MySQLEventFilter(from: place, to: .live), meter])
    }

    private typealias Observation = (DatabaseSummary, [AppliedMigration], MySQLStructure)

    private func observed() throws(DeployError) -> Observation {
        let structure = try server.structure(of: database)
        try MySQLRights(server: server).demandMaking(structure.objects, of: database)
        let request = try server.dump(of: database, structure)
        for attempt in 1...Self.tries {
            // Between two attempts whoever waited has a turn.
            if attempt > 1 { Self.pause() }
            let reader = try server.session(in: database, as: .application)
            let holder: MySQLSession
            do throws(DeployError) { holder = try holdingWrites() } catch {
                if attempt < Self.tries, error.why.holds("ock wait timeout") { continue }
                return try compared(request, because: error.why)
            }
            if let observation = try dump(request, holding: holder, reader) { return observation }
        }
        throw failure(
            "the dump did not start within \(Self.holdLimit.components.seconds) s, \(Self.tries) times",
            "run it again when the machine has less to do")
    }

    /// On a busy machine the program that dumps may take its time to begin.
    private static let tries = 3
    private static func pause() { usleep(1_000_000) }

    /// How long others wait at most when the dump does not come to its beginning.
    private static let holdLimit = Duration.seconds(5)

    private func holdingWrites() throws(DeployError) -> MySQLSession {
        let session = try server.session(in: database)
        let hold = "SET SESSION lock_wait_timeout = 5, wait_timeout = 86400; FLUSH TABLES WITH READ LOCK;"
        _ = try session.ask(hold, within: .seconds(8))
        return session
    }

    /// nil where the dump did not begin in time, and nobody is held up any more.
    private func dump(_ request: CommandRequest, holding holder: MySQLSession, _ reader: MySQLSession)
        throws(DeployError) -> Observation?
    {
        let observer = MySQLDumpObserver(holder, reader, of: database, place, limit: Self.holdLimit)
        unlink(payload.path)
        let (dump, compressor) = server.access.commands.runPiped(
            request, into: payload.writing, through: filter, observing: observer.look)
        guard !observer.isLate else { return nil }
        try demand(dump, compressor)
        return try observer.observation()
    }

    /// Without the right to hold writes: what the database held before and after must be the same.
    private func compared(_ request: CommandRequest, because reason: String) throws(DeployError)
        -> Observation
    {
        for _ in 0..<3 {
            let before = try snapshot()
            unlink(payload.path)
            let (dump, compressor) = server.access.commands.runPiped(
                request, into: payload.writing, through: filter)
            try demand(dump, compressor)
            let after = try snapshot()
            if before.0 == after.0 { return after }
        }
        throw failure(
            "writes cannot be held (\(reason)), and the database changed during each of 3 dumps",
            "GRANT RELOAD ON *.* to the database user \(server.admin), or stop what writes, then run it again"
        )
    }

    private func snapshot() throws(DeployError) -> Observation {
        let session = try server.session(in: database)
        let reader = try server.session(in: database, as: .application)
        _ = try reader.ask("START TRANSACTION WITH CONSISTENT SNAPSHOT;")
        let summary = try MySQLSummary(of: database, place) { sql throws(DeployError) in
            try session.ask(sql)
        }
        let migrations = try MySQLMigrations.applied(summary.structure) { sql throws(DeployError) in
            try reader.ask(sql)
        }
        let rows = try reader.ask(summary.question, within: MySQLServer.long)
        return (try summary.summary(rows), migrations, summary.structure)
    }

    private func demand(_ dump: CommandResult, _ compressor: CommandResult) throws(DeployError) {
        guard dump.succeeded || dump.wasLeft(by: compressor) else {
            throw failure(
                "the dump \(dump.complaint)", server.access.advice(for: dump.complaint) ?? "run it again")
        }
        guard compressor.succeeded else {
            throw failure("the compressor \(compressor.complaint)", "run it again")
        }
    }

    private func failure(_ why: String, _ next: String) -> DeployError {
        DeployError(.backupFailed, what: "Database \(database) cannot be dumped", why: why, next: next)
    }
}
