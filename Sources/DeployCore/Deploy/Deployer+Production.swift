import FoundationEssentials

extension Deployer {
    /// Promotes the release its source environment proved; where nothing runs before, builds and deploys.
    ///
    /// `show` is called with the proposal before the question is asked.
    public func promote(
        to name: String = "production", release requested: String?, confirm: String?,
        show: (Proposal) -> Void
    ) throws(DeployError) -> Result {
        if let earlier = try earlier() { return earlier }
        let environment = try definitions.load(name)
        try GateOverride.check(wantedOverrides.map(\.gate))
        try refuseCollisions()
        try refuseHooks()
        return try locked(name, for: "deployctl \(name)") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            let proposal = try promotion(environment, requested: requested)
            if let done = try alreadyLive(proposal) { return done }
            try Gates.require(proposal.gates, for: name)
            if environment.promotion?.from == nil { report(.warned(Self.unproved)) }
            show(proposal)
            let approval = try ConfirmationQuestion(ports: ports, origin: origin, given: confirm).obtain(
                environment.confirmation, plan: proposal.planID,
                question: "deploy \(proposal.draft.subject) to \(name)")
            let again = try judged(try definitions.load(name), requested: requested).proposal
            try refuseChange(proposal, again)
            try Gates.require(again.gates, for: name)
            return try carryOut(again.draft, approval: approval, overrides: again.overrides)
        }
    }

    static let unproved =
        "nothing proved this release: \"promotion\" names no environment it is promoted from"

    /// What a promotion would do, and what every gate says.
    public func promotion(_ environment: Environment, requested: String?) throws(DeployError) -> Proposal {
        let judgement = try judged(environment, requested: requested)
        var proposal = judgement.proposal
        let (facts, target) = (judgement.facts, proposal.draft.facts)
        if case .build(let commit, _, let subject) = proposal.draft.goal {
            proposal.commits = ["\(commit.prefix(8)) \(subject)"]
        } else {
            proposal.commits = commits(from: target.release, to: facts.release, environment)
        }
        proposal.changedKeys = try changedKeys(target)
        proposal.schema = schemaDifference(judgement)
        proposal.notices =
            (environment.promotion?.from == nil ? [Self.unproved] : []) + promotionNotices(target, facts)
        return proposal
    }

    /// nil where the source's database does not show what the release leads to: another release runs there, on
    /// another engine or on none.
    private func schemaDifference(_ judgement: Judgement) -> SchemaDifference? {
        let target = judgement.proposal.draft.facts
        guard let source = judgement.source, source.release != nil,
            source.release == judgement.facts.release,
            source.environment.database?.engine == target.environment.database?.engine,
            let after = columns(source), let before = columns(target)
        else { return nil }
        return SchemaDifference(from: before, to: after)
    }

    private func columns(_ facts: EnvironmentFacts) -> [TableColumn]? {
        let engine = workspace.site(facts.environment).database
        return facts.database.flatMap { try? engine.columns(of: $0) }
    }

    private func alreadyLive(_ proposal: Proposal) throws(DeployError) -> Result? {
        let facts = proposal.draft.facts
        let wanted: Release
        switch proposal.draft.goal {
        case .promote(let release, _, _), .redeploy(let release): wanted = release
        default: return nil
        }
        guard facts.release?.timestamp == wanted.timestamp,
            try unchanged(facts), facts.look(in: workspace).servesWell
        else { return nil }
        return .upToDate(
            "release \(wanted.timestamp) (\(wanted.shortCommit)) is live and healthy in \(facts.environment.name)"
        )
    }

    /// A commit hook may bring a commit to staging, never further.
    func refuseHooks() throws(DeployError) {
        guard !origin.trigger.hasSomebody else { return }
        guard origin.trigger == .hook else {
            throw DeployError(
                .notConfirmed, what: "A detached run may not change production",
                why:
                    "what started it has ended, as a git hook does that leaves a process behind; nothing was changed",
                next:
                    "run it on a terminal, or where its starter waits: ssh, cron, a CI job, a systemd service"
            )
        }
        throw DeployError(
            .notConfirmed, what: "A hook may not change production",
            why: "this run was started by a git hook; nothing was changed",
            next: "run it yourself")
    }

    func refuseChange(_ shown: Proposal, _ now: Proposal) throws(DeployError) {
        guard shown.planID != now.planID else { return }
        let (before, after) = (shown.draft.facts.loss ?? RollbackLoss(), now.draft.facts.loss)
        let lost = after?.beyond(before) ?? ""
        throw DeployError(
            .notConfirmed, what: "The plan changed",
            why: lost.isEmpty
                ? "what was shown is no longer what would run; nothing was changed"
                : "meanwhile something would be lost of \(lost) too; nothing was changed",
            next: "look at the new plan and confirm that one")
    }

    func commits(from older: Release?, to newer: Release?, _ environment: Environment) -> [String] {
        guard let newer else { return [] }
        guard let older else { return ["\(newer.shortCommit) \(newer.subject)"] }
        guard older.commit != newer.commit else { return [] }
        return SourceFacts(workspace.site(environment))
            .log(from: older.commit, to: newer.commit) ?? ["\(newer.shortCommit) \(newer.subject)"]
    }

    /// Definition keys that differ from those of the last deployment.
    func changedKeys(_ facts: EnvironmentFacts) throws(DeployError) -> [String] {
        let last = try ports.state.releaseMoves(of: facts.environment.name, limit: 1).first
        guard let last, let deployed = try ports.state.definition(of: last.timestamp) else { return [] }
        return try DefinitionDifference.keys(deployed, facts.environment)
    }

    private func promotionNotices(_ target: EnvironmentFacts, _ facts: PromotionFacts) -> [String] {
        var notices: [String] = []
        if target.environment.runtime.strategy == .recreate {
            notices.append("the service is down while the old release stops and the new one starts")
        }
        if facts.data.needsBackup {
            notices.append(
                "a rollback to \(target.release.map { "release \($0.timestamp)" } ?? "the state before") loses what is written after the backup"
            )
        }
        let left = target.environment.sharedFolders.filter { !target.environment.backup.folders.contains($0) }
        if !left.isEmpty {
            notices.append("shared folders (\(left.joined(separator: ", "))) are not in the backup")
        }
        return notices + heavyStatements(target, facts)
    }

    /// Where nothing serves yet nobody is held up.
    private func heavyStatements(_ target: EnvironmentFacts, _ facts: PromotionFacts) -> [String] {
        guard let engine = target.environment.database?.engine, target.database != nil,
            let files = facts.data.files, let recorded = facts.data.recorded,
            let pending = try? MigrationOrder.pending(files: files, recorded: recorded)
        else { return [] }
        return HeavyStatement.notices(HeavyStatement.find(in: pending, engine: engine))
    }
}

extension PlanDraft {
    /// The release that becomes current, by name.
    public var release: String? {
        switch goal {
        case .redeploy(let release), .promote(let release, _, _), .rollback(let release, _),
            .rehearse(let release, _):
            "\(release.timestamp)"
        case .build, .restart, .start, .stop, .backUp, .copy, .nothing: nil
        }
    }

    /// What is deployed, as a person calls it.
    public var subject: String {
        if case .build(let commit, _, _) = goal { return "commit \(commit.prefix(8))" }
        return release ?? ""
    }
}
