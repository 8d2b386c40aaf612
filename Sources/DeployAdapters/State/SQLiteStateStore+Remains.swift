import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    /// Puts what the state does not know into it, in one transaction; nobody is told of what happened long ago.
    func fill(with remains: StateRemains, _ restoration: inout StateRestoration) throws(DeployError) {
        let connection = try writing()
        restoration = try connection.transaction { () throws(DeployError) in
            var found = restoration
            let told = try connection.run("SELECT coalesce(max(sequence), 0) FROM event").first?.first?
                .integer
            let standing = try Rebuilding.doubts(in: self)
            let isComplete = try reaches(remains.auditEnd)
            for release in remains.releases where try self.release(release.timestamp) == nil {
                try record(release)
                found.releases.append(release.timestamp)
            }
            for run in remains.runs where try takeUp(run, connection) {
                found.runs.append(run.deployment.timestamp)
            }
            for backup in remains.backups where try !knows(backup, connection) {
                try record(backup)
                try pin(backup.timestamp, because: backup.pinned)
                found.backups.append(backup.timestamp)
            }
            try takeUpStanding(remains, connection)
            try connection.run("DELETE FROM event WHERE sequence > ?", [.integer(told ?? 0)])
            if !isComplete {
                for (environment, doubt) in remains.doubts {
                    try note(doubt ?? standing[environment], of: environment, remains, connection)
                }
            }
            try note(remains, connection)
            return found
        }
    }

    public func rebuildings() throws(DeployError) -> [Rebuilding] {
        try reading().run("SELECT environment, sequence, newest, doubt FROM rebuilt ORDER BY environment").map
        {
            Rebuilding(
                environment: $0[0].text ?? "", sequence: $0[1].integer ?? 0,
                newest: $0[2].text.flatMap { Timestamp(digits: $0) }, doubt: $0[3].text)
        }
    }

    /// Whether the state has all that `audit.log` tells of: nothing was done that it does not know.
    private func reaches(_ end: AuditRecord?) throws(DeployError) -> Bool {
        guard let end else { return false }
        let records = try auditRecords(after: end.sequence - 1, limit: .max)
        return records.first?.hash == end.hash && AuditRecord.mayLackAnchors(Array(records.dropFirst()))
    }

    /// What a state that had come further has ended since is not brought back.
    private func takeUpStanding(
        _ remains: StateRemains, _ connection: SQLiteConnection
    ) throws(DeployError) {
        let known = try auditRecords(of: nil, since: nil, limit: 1).first?.sequence ?? 0
        guard known < remains.stoodAt else { return }
        for veto in remains.vetoes where try !knows(veto, connection) { try record(veto, by: nil) }
        for hold in remains.holds { _ = try take(hold) }
    }

    /// Whether the state did not know the run, or not how it ended.
    private func takeUp(_ run: RecordedRun, _ connection: SQLiteConnection) throws(DeployError) -> Bool {
        guard let known = try deployment(run.deployment.timestamp) else {
            try put(run, connection)
            return true
        }
        guard known.outcome == nil, run.plan != nil, let outcome = run.deployment.outcome else {
            return false
        }
        try connection.run(
            "UPDATE deployment SET outcome = ?, error = ?, finished_at = ? WHERE timestamp = ?",
            [
                .text(outcome.rawValue), try .optional(run.deployment.error),
                .optional(run.deployment.finishedAt?.timeIntervalSince1970),
                .text(known.timestamp.description),
            ])
        try put(run.steps, of: known.timestamp, connection)
        try record(run.logs, of: known.timestamp)
        return true
    }

    private func put(_ run: RecordedRun, _ connection: SQLiteConnection) throws(DeployError) {
        let deployment = run.deployment
        let name = SQLiteValue.text(deployment.timestamp.description)
        // What turns up between moves that are known moves nothing any more.
        let later = try releaseMoves(of: deployment.environment, limit: 1).first
        let isHistory = later.map { $0.timestamp > deployment.timestamp } ?? false
        try connection.run(
            """
            INSERT INTO deployment (timestamp, environment, kind, release, commit_id, outcome, performer, trigger, reason,
                plan_id, plan, error, started_at, finished_at, wish, who)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                name, .text(deployment.environment), .text(deployment.kind.rawValue),
                .optional(isHistory ? nil : deployment.release?.description), .optional(deployment.commit),
                .optional(deployment.outcome?.rawValue), .text(deployment.performer),
                .text(deployment.trigger.rawValue), .optional(deployment.reason), .text(deployment.planID),
                .text(try run.plan.map(JSON.text) ?? Self.noPlan), try .optional(deployment.error),
                .real(deployment.startedAt.timeIntervalSince1970),
                .optional(deployment.finishedAt?.timeIntervalSince1970), try .optional(deployment.wish),
                try .optional(deployment.who),
            ])
        if let approval = run.approval { try record(approval, of: deployment.timestamp, connection) }
        try record(run.overrides, of: deployment.timestamp, connection)
        try put(run.steps, of: deployment.timestamp, connection)
        try record(run.logs, of: deployment.timestamp)
    }

    private func knows(_ backup: Backup, _ connection: SQLiteConnection) throws(DeployError) -> Bool {
        try !connection.run("SELECT 1 FROM backup WHERE timestamp = ?", [.text(backup.timestamp.description)])
            .isEmpty
    }

    /// One that was cleared is known; one that was given again for the same reason is another.
    private func knows(_ veto: Veto, _ connection: SQLiteConnection) throws(DeployError) -> Bool {
        try !connection.run(
            "SELECT 1 FROM veto WHERE release = ? AND performer = ? AND reason = ? AND abs(since - ?) < 0.001",
            [
                .text(veto.release.description), .text(veto.performer), .text(veto.reason),
                .real(veto.since.timeIntervalSince1970),
            ]
        ).isEmpty
    }

    private func note(
        _ doubt: String?, of environment: String, _ remains: StateRemains, _ connection: SQLiteConnection
    ) throws(DeployError) {
        try connection.run(
            """
            INSERT OR REPLACE INTO rebuilt (environment, sequence, newest, doubt)
            VALUES (?, (SELECT coalesce(max(sequence), 0) FROM deployment), ?, ?)
            """,
            [.text(environment), .optional(remains.newest?.description), .optional(doubt)])
    }

    private func note(_ remains: StateRemains, _ connection: SQLiteConnection) throws(DeployError) {
        guard let entry = remains.entry else { return }
        let known = try auditRecords(of: nil, since: nil, limit: 1).first
        let last = (known?.sequence ?? 0) < remains.auditEnd?.sequence ?? 0 ? remains.auditEnd : known
        try add(try AuditRecord(entry, after: last), connection)
    }
}
