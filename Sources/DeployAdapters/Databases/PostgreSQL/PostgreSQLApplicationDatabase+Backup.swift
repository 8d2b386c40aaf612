import DeployCore
import Glibc

extension PostgreSQLApplicationDatabase {
    static let long = Duration.seconds(6 * 3600)

    /// Dumps one snapshot and summarises it meanwhile.
    ///
    /// 1. A session exports its snapshot and stays open, for the snapshot lives as long as it does.
    /// 2. pg_dump takes that snapshot over; the session counts and hashes in it at the same time.
    /// 3. The dump is read back to its end, and has data for as many tables as were counted.
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
        session.send(PostgreSQLSummaryScript.all)
        try dump(location, snapshot: id, to: payload)
        let findings = try session.answer(within: Self.long)
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

    private func dump(_ location: DatabaseLocation, snapshot: String, to payload: String) throws(DeployError)
    {
        for compression in try compressions() {
            let result = try client.run(
                "pg_dump",
                [
                    "--format=custom", "--snapshot=\(snapshot)", "--lock-wait-timeout=60s", "--no-password",
                    "--compress=\(compression)",
                ], in: location.name, deadline: Self.long
            ) { $0.outputFile = payload }
            if result.succeeded { return }
            unlink(payload)
            // Not every build has every compression; the last one in the list is everywhere.
            guard result.errors.contains("compress"), compression != Self.oldCompression else {
                throw DeployError(
                    .backupFailed, what: "Database \(location.name) cannot be dumped", why: result.complaint,
                    next: "deployctl doctor")
            }
        }
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
