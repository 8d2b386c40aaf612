import DeployCore
import Glibc

extension PostgreSQLApplicationDatabase {
    static let long = Duration.seconds(6 * 3600)

    /// Whoever wants a table for himself waits for the summary's lock on it, the dump waits for him, and everybody
    /// else for all of them: until the backup gives up.
    private static let lockWait = "5s"

    /// Dumps one snapshot and summarises it meanwhile.
    ///
    /// 1. A session exports its snapshot and stays open, for the snapshot lives as long as it does.
    /// 2. pg_dump takes that snapshot over; the session counts and hashes in it at the same time.
    /// 3. No table was rewritten since, which a snapshot would show as empty to both.
    /// 4. The dump is read back to its end, and has data for as many tables as were counted.
    public func backUp(_ location: DatabaseLocation, to payload: String) throws(DeployError)
        -> DatabaseSnapshot
    {
        try PostgreSQLText.check(location)
        do throws(DeployError) {
            let snapshot = try takeSnapshot(of: location, to: payload)
            try FileSync.file(payload)
            return snapshot
        } catch {
            unlink(payload)
            throw error.recast(as: .backupFailed)
        }
    }

    private func takeSnapshot(of location: DatabaseLocation, to payload: String) throws(DeployError)
        -> DatabaseSnapshot
    {
        let session = try PostgreSQLSession(client, in: location.name, deadline: Self.long)
        let first = try session.ask(
            PostgreSQLSummaryScript.begin + PostgreSQLSummaryScript.sequences
                + "\nSELECT json_build_array('snapshot', pg_export_snapshot());")
        guard let snapshot = first.last, snapshot.first == "snapshot", let id = snapshot.last ?? nil else {
            throw incomplete("the server exports no snapshot")
        }
        session.send("SET lock_timeout = '\(Self.lockWait)';\n" + PostgreSQLSummaryScript.all)
        try dump(location, snapshot: id, to: payload)
        let findings = try session.answer(within: Self.long)
        try demandNothingRewritten(session, location)
        let last = try session.ask(PostgreSQLSummaryScript.sequences)
        var summary = try PostgreSQLSummary(findings)
        let archive = PostgreSQLArchive(path: payload, client: client)
        try archive.decode()
        let listed = try archive.contents()
        guard listed.numberOfTables == summary.numberOfTables else {
            throw incomplete(
                "the dump has data of \(listed.numberOfTables) tables, the database has \(summary.numberOfTables)"
            )
        }
        try summary.settle(sequencesBefore: first, after: last, in: archive)
        return DatabaseSnapshot(
            summary: summary.summary, migrations: try PostgreSQLSummary.migrations(in: findings),
            versions: [
                "server": "\(try client.serverVersion())", "pg_dump": "\(try client.version(of: "pg_dump"))",
            ])
    }

    private func demandNothingRewritten(
        _ session: PostgreSQLSession, _ location: DatabaseLocation
    ) throws(DeployError) {
        let tables = try session.ask(PostgreSQLSummaryScript.rewritten).compactMap { $0.last ?? nil }
        guard let first = tables.first else { return }
        let more = tables.count > 1 ? " and \(tables.count - 1) more" : ""
        throw DeployError(
            .backupFailed, what: "Somebody changes tables of \(location.name) while it is dumped",
            why:
                "\(first)\(more) was rewritten, truncated or removed as the dump began; to its snapshot it is empty",
            next: Self.again)
    }

    private static let again = "run it again when nothing else changes tables"

    private func dump(_ location: DatabaseLocation, snapshot: String, to payload: String) throws(DeployError)
    {
        for compression in try compressions() {
            let result = try client.run(
                "pg_dump",
                [
                    "--format=custom", "--snapshot=\(snapshot)", "--lock-wait-timeout=\(Self.lockWait)",
                    "--no-password", "--compress=\(compression)",
                ], in: location.name, deadline: Self.long
            ) { $0.outputFile = payload }
            if result.succeeded { return }
            unlink(payload)
            // Not every build has every compression; the last one in the list is everywhere.
            guard result.errors.contains("compress"), compression != Self.oldCompression else {
                throw failure(result, of: location)
            }
        }
    }

    private func failure(_ dump: CommandResult, of location: DatabaseLocation) -> DeployError {
        let isLocked = dump.errors.contains("timeout") && dump.errors.contains("LOCK TABLE")
        let lock =
            "a table stayed locked for \(Self.lockWait); whoever else wants it waits too, so the dump gave up"
        return DeployError(
            .backupFailed, what: "Database \(location.name) cannot be dumped",
            why: isLocked ? lock : dump.complaint, next: isLocked ? Self.again : "deployctl doctor")
    }

    private static let oldCompression = "1"

    private func compressions() throws(DeployError) -> [String] {
        try client.version(of: "pg_dump") >= 16 ? ["zstd:3", Self.oldCompression] : [Self.oldCompression]
    }

    private func incomplete(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The backup is not complete", why: why,
            next: "run it again; check which pg_dump and psql are found first in PATH")
    }
}
