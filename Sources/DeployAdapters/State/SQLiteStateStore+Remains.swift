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
            for release in remains.releases where try self.release(release.timestamp) == nil {
                try record(release)
                found.releases.append(release.timestamp)
            }
            for run in remains.runs where try deployment(run.deployment.timestamp) == nil {
                try put(run, connection)
                found.runs.append(run.deployment.timestamp)
            }
            for backup in remains.backups where try !knows(backup, connection) {
                try record(backup)
                try pin(backup.timestamp, because: backup.pinned)
                found.backups.append(backup.timestamp)
            }
            for veto in remains.vetoes where try !knows(veto, connection) { try record(veto, by: nil) }
            for hold in remains.holds { _ = try take(hold) }
            try connection.run("DELETE FROM event WHERE sequence > ?", [.integer(told ?? 0)])
            try note(remains, connection)
            return found
        }
    }

    public func rebuilding(of environment: String) throws(DeployError) -> Rebuilding? {
        try reading().run(
            "SELECT at, doubt FROM rebuilt WHERE environment = ? ORDER BY at DESC LIMIT 1",
            [.text(environment)]
        ).first.map { Rebuilding(at: Date(timeIntervalSince1970: $0[0].real ?? 0), doubt: $0[1].text) }
    }

    private func put(_ run: RecordedRun, _ connection: SQLiteConnection) throws(DeployError) {
        let deployment = run.deployment
        let name = SQLiteValue.text(deployment.timestamp.description)
        try connection.run(
            """
            INSERT INTO deployment (timestamp, environment, kind, release, commit_id, outcome, performer, trigger, reason,
                plan_id, plan, error, started_at, finished_at, wish, who)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                name, .text(deployment.environment), .text(deployment.kind.rawValue),
                .optional(deployment.release?.description), .optional(deployment.commit),
                .optional(deployment.outcome?.rawValue), .text(deployment.performer),
                .text(deployment.trigger.rawValue), .optional(deployment.reason), .text(deployment.planID),
                .text(try run.plan.map(JSON.text) ?? ""), try .optional(deployment.error),
                .real(deployment.startedAt.timeIntervalSince1970),
                .optional(deployment.finishedAt?.timeIntervalSince1970), try .optional(deployment.wish),
                try .optional(deployment.who),
            ])
        if let approval = run.approval { try record(approval, of: deployment.timestamp, connection) }
        try record(run.overrides, of: deployment.timestamp, connection)
        try record(run.steps, of: deployment)
        try record(run.logs, of: deployment.timestamp)
    }

    private func knows(_ backup: Backup, _ connection: SQLiteConnection) throws(DeployError) -> Bool {
        try !connection.run("SELECT 1 FROM backup WHERE timestamp = ?", [.text(backup.timestamp.description)])
            .isEmpty
    }

    private func knows(_ veto: Veto, _ connection: SQLiteConnection) throws(DeployError) -> Bool {
        try !connection.run(
            "SELECT 1 FROM veto WHERE release = ? AND performer = ? AND reason = ?",
            [.text(veto.release.description), .text(veto.performer), .text(veto.reason)]
        ).isEmpty
    }

    private func note(_ remains: StateRemains, _ connection: SQLiteConnection) throws(DeployError) {
        guard let entry = remains.entry else { return }
        for (environment, doubt) in remains.doubts {
            try connection.run(
                "INSERT OR REPLACE INTO rebuilt (environment, at, doubt) VALUES (?, ?, ?)",
                [.text(environment), .real(remains.at.timeIntervalSince1970), .optional(doubt)])
        }
        let known = try auditRecords(of: nil, since: nil, limit: 1).first
        let last = (known?.sequence ?? 0) < remains.auditEnd?.sequence ?? 0 ? remains.auditEnd : known
        try add(try AuditRecord(entry, after: last), connection)
    }
}
