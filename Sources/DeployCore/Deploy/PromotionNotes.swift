/// What a person who decides on a promotion has to see besides the gates' verdicts.
struct PromotionNotes {
    let workspace: Workspace

    static let unproved =
        "nothing proved this release: \"promotion\" names no environment it is promoted from"

    /// The proposal with commits, changed keys, the schema's difference and notices.
    func added(to judged: Proposal) throws(DeployError) -> Proposal {
        guard let facts = judged.judgedBy else { return judged }
        let target = judged.draft.facts
        var proposal = judged
        if case .build(let commit, _, let subject) = judged.draft.goal {
            proposal.commits = ["\(commit.prefix(8)) \(subject)"]
        } else {
            proposal.commits = SourceFacts(workspace.site(target.environment))
                .commits(from: target.release, to: facts.release)
        }
        let live = LiveRelease(workspace: workspace, facts: target)
        proposal.changedKeys = try live.changedKeys()
        proposal.schema = schemaDifference(judged.source, target, promoting: facts.release)
        proposal.notices =
            judged.notices + (try live.grantNotices()) + (facts.rules.from == nil ? [Self.unproved] : [])
            + oneAccount(judged.source?.environment, target.environment)
            + notices(target, facts, from: judged.source?.environment)
        return proposal
    }

    private func oneAccount(_ source: Environment?, _ target: Environment) -> [String] {
        guard let source, source.user == nil || target.user == nil || source.user == target.user,
            !source.serviceRuntime.isolates || !target.serviceRuntime.isolates
        else { return [] }
        return [
            "\(source.name) and \(target.name) run as one account, and what runs on one can reach the data of both:"
                + " \"user\" gives each its own"
        ]
    }

    /// nil where the source's database does not show what the release leads to: another release runs there, on
    /// another engine or on none.
    private func schemaDifference(
        _ source: EnvironmentFacts?, _ target: EnvironmentFacts, promoting release: Release?
    ) -> SchemaDifference? {
        guard let source, source.release != nil, source.release == release,
            source.environment.database?.engine == target.environment.database?.engine,
            let after = columns(source), let before = columns(target)
        else { return nil }
        return SchemaDifference(from: before, to: after)
    }

    private func columns(_ facts: EnvironmentFacts) -> [TableColumn]? {
        let engine = workspace.site(facts.environment).database
        return facts.database.flatMap { try? engine.columns(of: $0) }
    }

    private func notices(
        _ target: EnvironmentFacts, _ facts: PromotionFacts, from source: Environment?
    ) -> [String] {
        var notices: [String] = []
        if target.environment.runtime.strategy == .recreate {
            notices.append("the service is down while the old release stops and the new one starts")
        }
        if target.environment.runtime.strategy == .ownTool {
            notices.append(
                "the project's own tool puts the new release in the place of the old; whether that leaves a gap is its own affair"
            )
        }
        if let release = target.release?.timestamp,
            let loss = RollbackTargets(workspace.site(target.environment)).loss(of: release)
        {
            notices.append("there will be no way back to release \(release): \(loss)")
        } else if facts.data.needsBackup {
            notices.append(
                "a rollback to \(target.release.map { "release \($0.timestamp)" } ?? "the state before") loses what is written after the backup"
            )
        }
        let left = target.environment.sharedFolders.filter { !target.environment.backup.folders.contains($0) }
        if !left.isEmpty {
            notices.append("shared folders (\(left.joined(separator: ", "))) are not in the backup")
        }
        return notices + strays(target, from: source) + inCheckout(target) + heavyStatements(target, facts)
    }

    /// What no backup of a first release would hold.
    private func strays(_ target: EnvironmentFacts, from source: Environment?) -> [String] {
        guard target.release == nil, let source,
            let strays = ServingStrays(site: workspace.site(source)).named
        else { return [] }
        return [
            "\(source.name) keeps files beside its code: \(strays); \(target.environment.name) would too, where no backup has them"
                + " and the next release does not find them"
        ]
    }

    /// Said once: before there is anything to lose.
    private func inCheckout(_ target: EnvironmentFacts) -> [String] {
        let project = target.layout.project
        guard target.release == nil, target.layout.backups.begins(with: "\(project)/"),
            workspace.ports.files.kind(of: "\(project)/.git") != nil
        else { return [] }
        return [
            "data and backups lie in this checkout, where git clean -ffdx removes both; \"backup\":"
                + " {\"directory\": …} keeps the backups elsewhere"
        ]
    }

    /// Where nothing serves yet nobody is held up.
    private func heavyStatements(_ target: EnvironmentFacts, _ facts: PromotionFacts) -> [String] {
        guard let engine = target.environment.database?.engine, target.database != nil,
            let pending = facts.pendingMigrations
        else { return [] }
        return HeavyStatement.notices(HeavyStatement.find(in: pending, engine: engine))
    }
}

extension PromotionFacts {
    /// Migrations the target's database lacks; nil where that is not known.
    var pendingMigrations: [MigrationFile]? {
        guard let files = data.files, let recorded = data.recorded else { return nil }
        return try? MigrationOrder.pending(files: files, recorded: recorded)
    }
}
