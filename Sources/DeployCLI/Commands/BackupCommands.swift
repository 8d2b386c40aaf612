import DeployCore
import FoundationEssentials

/// `backup list` and `verify`.
struct BackupCommands {
    let context: CommandContext

    struct ListAnswer: Encodable, Sendable { let backups: [BackupAnswer] }

    struct BackupAnswer: Encodable, Sendable {
        let timestamp: Timestamp
        let environment: String
        @OrNull var release: Timestamp?
        let bytes: Int64
        let sha256: String
        let verified: String
        /// The release a rollback would pair it with.
        @OrNull var protects: Timestamp?
        let createdAt: Date
        @OrNull var restoreSeconds: Double?
        /// Why it is never pruned.
        @OrNull var pinned: String?

        init(_ backup: Backup, protects: Timestamp?) {
            timestamp = backup.timestamp
            environment = backup.environment
            release = backup.release
            bytes = backup.bytes
            sha256 = backup.sha256
            verified = backup.verified.rawValue
            self.protects = protects
            createdAt = backup.createdAt
            restoreSeconds = backup.restoreSeconds
            pinned = backup.pinned
        }
    }

    func list() throws(DeployError) -> ExitCode {
        var answers: [BackupAnswer] = []
        for environment in try context.environments() {
            let candidates = try context.deployer.rollbackCandidates(environment)
            for backup in try context.ports.state.backups(of: environment.name) {
                let pair = candidates.first { $0.backup?.timestamp == backup.timestamp }?.release.timestamp
                answers.append(BackupAnswer(backup, protects: pair))
            }
        }
        try context.answer(ListAnswer(backups: answers)) { table(answers) }
        return .done
    }

    private func table(_ backups: [BackupAnswer]) -> String {
        guard !backups.isEmpty else { return "There are no backups yet.\n" }
        var table = TextTable(header: ["BACKUP", "ENVIRONMENT", "TAKEN", "SIZE", "VERIFIED", "RELEASE"])
        let now = context.ports.clock.now()
        for backup in backups {
            table.add(
                "\(backup.timestamp)", backup.environment, HumanText.age(of: backup.createdAt, at: now),
                HumanText.size(backup.bytes), backup.verified,
                (backup.release.map { "\($0)" } ?? "none")
                    + (backup.protects == nil ? "" : " (rollback uses it)")
                    + (backup.pinned.map { " (pinned: \(InertText.line($0)))" } ?? ""))
        }
        return table.text()
    }

    struct VerifyAnswer: Encodable, Sendable {
        struct Checked: Encodable, Sendable {
            let timestamp: Timestamp
            let verdict: String
            @OrNull var why: String?
            @OrNull var restoreSeconds: Double?
        }
        let backups: [Checked]
    }

    func verify() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        let checked = try context.deployer.locked(environment.name, for: "deployctl backup verify") {
            () throws(DeployError) in
            try check(environment)
        }
        let damaged = checked.contains { $0.verdict != "restored" }
        try context.answer(VerifyAnswer(backups: checked)) {
            checked.map { item in
                let time =
                    item.restoreSeconds.map { " in \(HumanText.duration($0)), everything equal" } ?? ""
                return InertText.line(
                    "\(item.timestamp)  \(item.verdict)\(time)\(item.why.map { ": \($0)" } ?? "")") + "\n"
            }.joined()
        }
        return damaged ? .unhealthy : .done
    }

    private func check(_ environment: Environment) throws(DeployError) -> [VerifyAnswer.Checked] {
        let layout = Layout(project: context.project, environment: environment)
        let reader = BackupReader(ports: context.ports, layout: layout)
        var checked: [VerifyAnswer.Checked] = []
        for backup in try selected(environment) {
            do throws(DeployError) {
                let proof = try reader.prove(in: layout.backup(backup.timestamp), verification: .restore)
                let same = proof.digest == backup.sha256
                var known = backup
                (known.verified, known.restoreSeconds) = (same ? .restored : .no, proof.seconds)
                try context.ports.state.record(known)
                checked.append(
                    .init(
                        timestamp: backup.timestamp, verdict: same ? "restored" : "damaged",
                        why: same ? nil : "its manifest is not the one that was recorded",
                        restoreSeconds: proof.seconds))
            } catch {
                var known = backup
                known.verified = .no
                try context.ports.state.record(known)
                checked.append(
                    .init(
                        timestamp: backup.timestamp, verdict: "damaged", why: error.why, restoreSeconds: nil))
            }
        }
        return checked
    }

    private func selected(_ environment: Environment) throws(DeployError) -> [Backup] {
        let known = try context.ports.state.backups(of: environment.name)
        if context.invocation.has("all") { return known }
        guard let text = context.invocation.timestamp else {
            guard let newest = known.first else {
                throw DeployError(
                    .notFound, what: "\(environment.name) has no backup", why: "none was taken yet",
                    next: "deployctl backup create \(environment.name)")
            }
            return [newest]
        }
        return [try named(text, among: known, of: environment)]
    }

    func named(_ text: String, among known: [Backup], of environment: Environment) throws(DeployError)
        -> Backup
    {
        let next = "deployctl backup list \(environment.name)"
        let found = try TimestampResolver.resolve(
            text, among: known.map(\.timestamp), what: "backup", next: next)
        guard let backup = known.first(where: { $0.timestamp == found }) else {
            throw DeployError(
                .notFound, what: "There is no backup \(text)", why: "it was removed", next: next)
        }
        return backup
    }
}
