import DeployCore

/// `backup prune`: says first what nobody can go back to any more.
struct PruneCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let expired: [Timestamp]
        /// Releases that go as well.
        let expiredReleases: [Timestamp]
        let removed: Bool
    }

    func prune() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        let removes = context.invocation.has("yes") && !context.invocation.globals.dryRun
        let pruner = Pruner(
            ports: context.ports, layout: Layout(project: context.project, environment: environment))
        let found: (backups: [Backup], releases: [Timestamp])
        if removes {
            found = try context.deployer.locked(environment.name, for: "deployctl backup prune") {
                () throws(DeployError) in
                try context.deployer.refuseUnfinished(environment)
                let found = (try pruner.expiredBackups(), try pruner.expiredReleases())
                _ = try pruner.prune()
                return found
            }
        } else {
            found = (try pruner.expiredBackups(), try pruner.expiredReleases())
        }
        let answer = Answer(
            expired: found.backups.map(\.timestamp), expiredReleases: found.releases, removed: removes)
        try context.answer(answer) { text(found.backups, found.releases, removes) }
        return .done
    }

    private func text(_ backups: [Backup], _ releases: [Timestamp], _ removed: Bool) -> String {
        guard !backups.isEmpty || !releases.isEmpty else { return "No backup is past its retention.\n" }
        let head =
            removed
            ? "Removed, so there is no rollback to:\n"
            : "Would be removed, with --yes, and no rollback to them be possible:\n"
        let lines =
            backups.map { backup in
                let release = backup.release.map { ", the data of release \($0)" } ?? ""
                return "\(backup.timestamp)  \(HumanText.size(backup.bytes))\(release)\n"
            } + releases.map { "\($0)  a release\n" }
        return head + lines.joined()
    }
}
