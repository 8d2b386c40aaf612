import DeployCore
import Glibc

/// Dumps one snapshot and summarises it meanwhile.
///
/// 1. A session exports its snapshot and stays open, for the snapshot lives as long as it does.
/// 2. pg_dump takes that snapshot over; the session counts and hashes in it at the same time.
/// 3. No table was rewritten since, which a snapshot would show as empty to both.
/// 4. The dump has data for as many tables as were counted; unless it is restored next, it is read back to its end.
struct PostgreSQLBackup {
    private let server: PostgreSQLServer
    private let database: String
    private let payload: PostgreSQLPayload
    private let meter = StreamMeter()

    init(_ server: PostgreSQLServer, of database: String, to path: String) {
        (self.server, self.database) = (server, database)
        payload = PostgreSQLPayload(path: path, server: server)
    }

    /// Whoever wants a table for himself waits for the summary's lock on it, the dump waits for him, and everybody
    /// else for all of them: until the backup gives up.
    private static let lockWait = "5s"

    func take(readingBack: Bool) throws(DeployError) -> DatabaseSnapshot {
        do throws(DeployError) {
            let snapshot = try takeSnapshot()
            if readingBack { try payload.decode() }
            try FileSync.file(payload.path)
            return snapshot
        } catch {
            unlink(payload.path)
            throw PostgreSQLLocks(server: server, database: database)
                .naming(error.recast(as: .backupFailed))
        }
    }

    private func takeSnapshot() throws(DeployError) -> DatabaseSnapshot {
        try PostgreSQLBelongings(server: server, database: database).demandCarried()
        let session = try PostgreSQLSession(server, in: database, deadline: PostgreSQLServer.long)
        let first = try session.ask(
            PostgreSQLSummaryScript.begin + PostgreSQLSummaryScript.sequences
                + "\nSELECT json_build_array('snapshot', pg_export_snapshot());")
        guard let snapshot = first.last, snapshot.first == "snapshot", let id = snapshot.last ?? nil else {
            throw incomplete("the server exports no snapshot")
        }
        session.send("SET lock_timeout = '\(Self.lockWait)';\n" + PostgreSQLSummaryScript.all)
        try dump(snapshot: id)
        let findings = try session.answer(within: PostgreSQLServer.long)
        try demandNothingRewritten(session)
        let last = try session.ask(PostgreSQLSummaryScript.sequences)
        var summary = try PostgreSQLSummary(findings)
        let listed = try payload.contents()
        guard listed.numberOfTables == summary.numberOfTables else {
            throw incomplete(
                "the dump has data of \(listed.numberOfTables) tables, the database has \(summary.numberOfTables)"
            )
        }
        try summary.settle(sequencesBefore: first, after: last, in: payload)
        return DatabaseSnapshot(
            summary: summary.summary, migrations: try PostgreSQLMigrations.applied(findings),
            versions: [
                "server": "\(try server.version())", "pg_dump": "\(try server.version(of: "pg_dump"))",
            ], unpacked: meter.passed)
    }

    private func demandNothingRewritten(_ session: PostgreSQLSession) throws(DeployError) {
        let tables = try session.ask(PostgreSQLSummaryScript.rewritten).compactMap { $0.last ?? nil }
        guard let first = tables.first else { return }
        let more = tables.count > 1 ? " and \(tables.count - 1) more" : ""
        throw DeployError(
            .backupFailed, what: "Somebody changes tables of \(database) while it is dumped",
            why:
                "\(first)\(more) was rewritten, truncated or removed as the dump began; to its snapshot it is empty",
            next: Self.again)
    }

    private static let again = "run it again when nothing else changes tables"

    private func dump(snapshot: String) throws(DeployError) {
        let door = try server.door()
        var source = door.request(
            "pg_dump",
            [
                "--format=custom", "--snapshot=\(snapshot)", "--lock-wait-timeout=\(Self.lockWait)",
                "--no-password", "--compress=0",
            ], in: database)
        source.deadline = PostgreSQLServer.long
        source.outputLimit = 1 << 14
        unlink(payload.path)
        let (dump, compressor) = server.access.commands.runPiped(
            source, into: payload.writing, through: meter)
        try withExtendedLifetime(door) { () throws(DeployError) in
            guard dump.succeeded || dump.wasLeft(by: compressor) else { throw failure(dump) }
            guard compressor.succeeded else { throw failure(compressor) }
        }
    }

    private func failure(_ dump: CommandResult) -> DeployError {
        let isLocked = dump.errors.holds("timeout") && dump.errors.holds("LOCK TABLE")
        let lock =
            "a table stayed locked for \(Self.lockWait); whoever else wants it waits too, so the dump gave up"
        return DeployError(
            .backupFailed, what: "Database \(database) cannot be dumped",
            why: isLocked ? lock : dump.complaint,
            next: isLocked
                ? Self.again : server.access.advice(for: dump.complaint, as: .admin) ?? "deployctl doctor")
    }

    private func incomplete(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The backup is not complete", why: why,
            next: "run it again; check which pg_dump and psql are found first in PATH")
    }
}
