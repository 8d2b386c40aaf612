import DeployCore
import FoundationEssentials

extension Verb {
    static let backupList = Verb(
        "backup list", .operate, operands: [.environment.optional],
        summary: "List backups, newest first",
        paragraph: "Lists backups with their size, how they were proved and which release they protect.",
        examples: ["deployctl backup list", "deployctl backup list production --json"],
        flags: [.environment], exits: [.invalidDefinition, .notFound],
        body: .inProject(BackupCommands.list))
}

/// `backup list`, and what other verbs say of backups.
struct BackupCommands: ProjectCommand {
    let context: CommandContext

    struct ListAnswer: Encodable, Sendable { let backups: [BackupAnswer] }

    private struct Row {
        var answer: BackupAnswer
        var shortKey: String?
        var isOnDisk: Bool
    }

    func list() throws(DeployError) -> ExitCode {
        var rows: [Row] = []
        for environment in try context.environments() { rows += try self.rows(environment) }
        try context.answer(ListAnswer(backups: rows.map(\.answer))) { table(rows) }
        return .done
    }

    /// What is known of one, even when its environment has no definition any more.
    func answer(about backup: Backup) throws(DeployError) -> BackupAnswer {
        let rows = try (try? context.deployedDefinitions.load(backup.environment)).map(self.rows) ?? []
        return rows.map(\.answer).first { $0.timestamp == backup.timestamp }
            ?? BackupAnswer(backup, protects: nil, awaitsCopy: false, needsKey: nil)
    }

    private func rows(_ environment: Environment) throws(DeployError) -> [Row] {
        let site = context.workspace.site(environment)
        let layout = site.layout
        let candidates = try RollbackTargets(site).candidates()
        let waiting = Set(
            try Pruner(site).expiredBackups().uncopied.map(\.timestamp))
        let backups = try context.ports.state.backups(of: environment.name)
        let keys = BackupKeys(site).missing(for: backups)
        return backups.map { backup in
            let pair = candidates.first { $0.backup?.timestamp == backup.timestamp }?.release.timestamp
            let missing = keys[backup.timestamp]
            let answer = BackupAnswer(
                backup, protects: pair, awaitsCopy: waiting.contains(backup.timestamp), needsKey: missing?.key
            )
            let folder = layout.backup(backup.timestamp)
            return Row(
                answer: answer, shortKey: missing?.shortKey,
                isOnDisk: context.ports.files.kind(of: folder) == .folder)
        }
    }

    private func table(_ rows: [Row]) -> String {
        guard !rows.isEmpty else { return "There are no backups yet.\n" }
        var table = TextTable(header: [
            "BACKUP", "OF", "TAKEN", "SIZE", "VERIFIED", "COPIED", "RELEASE",
        ])
        let now = context.ports.clock.now()
        for row in rows {
            let backup = row.answer
            table.add(
                "\(backup.timestamp)", backup.environment, HumanText.age(of: backup.createdAt, at: now),
                HumanText.size(backup.bytes),
                backup.verified
                    + (backup.verified == "restored"
                        ? backup.restoreSeconds.map { " in \(HumanText.duration($0))" } ?? "" : ""),
                backup.copied,
                (backup.release.map { "\($0)" } ?? "none")
                    + (backup.protects == nil ? "" : " (rollback uses it)")
                    + (backup.pinned.map { " (pinned: \(InertText.line($0)))" } ?? "")
                    + (backup.awaitsCopy ? " (past retention, kept until it is copied)" : "")
                    + (row.isOnDisk ? "" : " (not on disk)")
                    + (row.shortKey.map { " (needs a key: \(InertText.line($0)))" } ?? ""))
        }
        return table.text(width: context.style.width)
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
