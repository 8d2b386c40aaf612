import DeployCore
import FoundationEssentials

/// `backup list`, and what other verbs say of backups.
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
        /// When it was last proved by restoring it.
        @OrNull var provedAt: Date?
        /// Whether it lies elsewhere too: `no`, `copied` or `verified`.
        let copied: String
        /// Whether it is past its retention and stays only because no copy exists.
        let awaitsCopy: Bool

        init(_ backup: Backup, protects: Timestamp?, awaitsCopy: Bool) {
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
            provedAt = backup.provedAt
            copied = backup.copied.rawValue
            self.awaitsCopy = awaitsCopy
        }
    }

    func list() throws(DeployError) -> ExitCode {
        var answers: [BackupAnswer] = []
        for environment in try context.environments() {
            let candidates = try context.deployer.rollbackCandidates(environment)
            let layout = Layout(project: context.project, environment: environment)
            let waiting = Set(
                try Pruner(ports: context.ports, layout: layout).expiredBackups().uncopied.map(\.timestamp))
            for backup in try context.ports.state.backups(of: environment.name) {
                let pair = candidates.first { $0.backup?.timestamp == backup.timestamp }?.release.timestamp
                answers.append(
                    BackupAnswer(backup, protects: pair, awaitsCopy: waiting.contains(backup.timestamp)))
            }
        }
        try context.answer(ListAnswer(backups: answers)) { table(answers) }
        return .done
    }

    private func table(_ backups: [BackupAnswer]) -> String {
        guard !backups.isEmpty else { return "There are no backups yet.\n" }
        var table = TextTable(header: [
            "BACKUP", "ENVIRONMENT", "TAKEN", "SIZE", "VERIFIED", "COPIED", "RELEASE",
        ])
        let now = context.ports.clock.now()
        for backup in backups {
            table.add(
                "\(backup.timestamp)", backup.environment, HumanText.age(of: backup.createdAt, at: now),
                HumanText.size(backup.bytes), backup.verified, backup.copied,
                (backup.release.map { "\($0)" } ?? "none")
                    + (backup.protects == nil ? "" : " (rollback uses it)")
                    + (backup.pinned.map { " (pinned: \(InertText.line($0)))" } ?? "")
                    + (backup.awaitsCopy ? " (past retention, kept until it is copied)" : ""))
        }
        return table.text()
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
