import DeployCore

extension Verb {
    static let backupPrune = Verb(
        "backup prune", .operate, operands: [.environment],
        summary: "Remove backups the definition no longer keeps",
        paragraph: """
            Lists the backups that no rule keeps, which nobody can go back to then, and removes them with --yes. The \
            newest, pinned ones, and those a kept release needs always stay. Where "backup.copy" is set, so does a \
            good one of which no copy exists, unless --uncopied is given.
            """,
        examples: ["deployctl backup prune production", "deployctl backup prune production --yes"],
        flags: [
            .environment, Flag("yes", "Remove them instead of listing them"),
            Flag("uncopied", "Also those of which no copy exists, though \"backup.copy\" is set"),
        ],
        dryRun: true, exits: [.invalidDefinition, .locked, .notFound],
        body: .inProject(PruneCommand.run))
}

/// `backup prune`: says first what nobody can go back to any more.
struct PruneCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let expired: [Timestamp]
        /// Past their retention, but kept: "backup.copy" is set and no copy of them exists.
        let uncopied: [Timestamp]
        /// Releases that go as well.
        let expiredReleases: [Timestamp]
        let removed: Bool
    }

    private struct Found {
        var backups: Pruner.ExpiredBackups
        var releases: [Timestamp]
    }

    func run() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        let removes = context.invocation.has("yes") && !context.invocation.globals.dryRun
        let takesUncopied = context.invocation.has("uncopied")
        let pruner = Pruner(context.workspace.site(environment))
        let look = { () throws(DeployError) in
            Found(
                backups: try pruner.expiredBackups(takingUncopied: takesUncopied),
                releases: try pruner.expiredReleases())
        }
        let found: Found
        if removes {
            found = try context.deployer.exclusively(in: environment.name, for: "deployctl backup prune") {
                () throws(DeployError) in
                try context.deployer.refuseUnfinished(environment)
                let found = try look()
                let audit = context.deployer.audit
                _ = try audit.around(audit.entry(.prune, in: environment.name)) { () throws(DeployError) in
                    try pruner.prune(takingUncopied: takesUncopied)
                }
                return found
            }
        } else {
            found = try look()
        }
        let answer = Answer(
            expired: found.backups.removable.map(\.timestamp),
            uncopied: found.backups.uncopied.map(\.timestamp), expiredReleases: found.releases,
            removed: removes)
        try context.answer(answer) { removal(found, removes) + reserve(found.backups.uncopied, environment) }
        return .done
    }

    private func removal(_ found: Found, _ removed: Bool) -> String {
        guard !found.backups.removable.isEmpty || !found.releases.isEmpty else {
            return found.backups.uncopied.isEmpty
                ? "No backup is past its retention.\n" : "There is nothing to remove.\n"
        }
        let head =
            removed
            ? "Removed; nobody can go back to them any more:\n"
            : "Past their retention; --yes removes them, and nobody can go back to them any more:\n"
        return head + lines(found.backups.removable)
            + found.releases.map { "\($0)  a release\n" }.joined()
    }

    private func reserve(_ uncopied: [Backup], _ environment: Environment) -> String {
        guard !uncopied.isEmpty else { return "" }
        let count = uncopied.count == 1 ? "1 is" : "\(uncopied.count) are"
        return """
            \(count) past retention and kept, because no copy exists:
            \(lines(uncopied))Copy the newest that has none, again for each: deployctl backup copy \(environment.name)
            Or remove them as they are: deployctl backup prune \(environment.name) --uncopied --yes

            """
    }

    private func lines(_ backups: [Backup]) -> String {
        let now = context.ports.clock.now()
        return backups.map { backup in
            let release = backup.release.map { ", the data of release \($0)" } ?? ""
            let age = HumanText.age(of: backup.createdAt, at: now)
            let copy = backup.copied == .no ? "" : ", a copy lies elsewhere"
            return "\(backup.timestamp)  \(HumanText.size(backup.bytes)), taken \(age)\(release)\(copy)\n"
        }.joined()
    }
}
