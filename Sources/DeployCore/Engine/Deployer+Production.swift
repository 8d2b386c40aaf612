import FoundationEssentials

/// A plan with everything a person should know before agreeing to it.
public struct Proposal: Sendable {
    public var draft: PlanDraft
    public var gates: [GateReport]
    /// Commits that become live, newest first.
    public var commits: [String]
    /// Commits that are live and will not be, newest first.
    public var undoneCommits: [String] = []
    public var changedKeys: [String]
    /// Sentences about loss, gaps and undoing.
    public var notices: [String]

    public init(
        draft: PlanDraft, gates: [GateReport] = [], commits: [String] = [], changedKeys: [String] = [],
        notices: [String] = []
    ) {
        self.draft = draft
        self.gates = gates
        self.commits = commits
        self.changedKeys = changedKeys
        self.notices = notices
    }

    /// The draft's fingerprint, which an approval names.
    public var planID: String { draft.fingerprint }

    /// Migrations the target's database lacks, by name.
    public var pendingMigrations: [String] {
        guard case .promote(_, _, let names) = draft.goal else { return [] }
        return names ?? []
    }
}

extension Deployer {
    /// Promotes the release its source environment proved.
    ///
    /// `show` is called with the proposal before the question is asked.
    public func promote(
        to name: String = "production", release requested: String?, confirm: String?,
        show: (Proposal) -> Void
    ) throws(DeployError) -> Result {
        if let earlier = try earlier() { return earlier }
        let environment = try definitions.load(name)
        try refuseCollisions()
        try refuseHooks()
        return try locked(name, for: "deployctl \(name)") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            let proposal = try promotion(environment, requested: requested)
            if let done = try alreadyLive(proposal) { return done }
            try Gates.require(proposal.gates, for: name)
            show(proposal)
            let approval = try Confirmation(ports: ports, origin: origin, given: confirm).obtain(
                environment.confirmation, plan: proposal.planID,
                question: "deploy \(proposal.draft.release ?? "") to \(name)")
            let again = try promotion(try definitions.load(name), requested: requested)
            try refuseChange(proposal, again)
            try Gates.require(again.gates, for: name)
            return try carryOut(again.draft, approval: approval)
        }
    }

    /// What a promotion would do, with every gate's verdict; changes nothing.
    public func promotion(_ environment: Environment, requested: String?) throws(DeployError) -> Proposal {
        guard let from = environment.promotion?.from else {
            throw DeployError(
                .invalidDefinition, what: "Nothing is promoted to \(environment.name)",
                why: "its definition has no \"promotion\": {\"from\": …}",
                next: "add it to environments/\(environment.name).json")
        }
        let target = try collector.collect(environment)
        try preflight(target.environment)
        let source = try collector.collect(try definitions.load(from))
        let release = try requested.map { text throws(DeployError) in try resolveRelease(text) }
        let facts = try PromotionFactsCollector(ports: ports, project: project, definitions: definitions)
            .collect(source: source, target: target, requested: release)
        let goal = facts.release.map {
            PlanDraft.Goal.promote($0, from: from, migrations: pendingNames(facts))
        }
        return Proposal(
            draft: PlanDraft(kind: .promote, facts: target, goal: goal ?? .nothing),
            gates: Gates.judge(facts), commits: commits(from: target.release, to: facts.release, environment),
            changedKeys: try changedKeys(target), notices: promotionNotices(target, facts))
    }

    private func alreadyLive(_ proposal: Proposal) throws(DeployError) -> Result? {
        let facts = proposal.draft.facts
        guard case .promote(let release, _, _) = proposal.draft.goal,
            facts.release?.timestamp == release.timestamp,
            try unchanged(facts), Observer(ports: ports, project: project).complaints(facts).isEmpty
        else { return nil }
        return .upToDate(
            "release \(release.timestamp) (\(release.shortCommit)) is live and healthy in \(facts.environment.name)"
        )
    }

    /// A commit hook may bring a commit to staging, never further.
    func refuseHooks() throws(DeployError) {
        guard origin.trigger == "hook" else { return }
        throw DeployError(
            .notConfirmed, what: "A hook may not deploy to production",
            why: "this run was started by a git hook; nothing was changed",
            next: "run deployctl production yourself")
    }

    func refuseChange(_ shown: Proposal, _ now: Proposal) throws(DeployError) {
        guard shown.planID != now.planID else { return }
        throw DeployError(
            .notConfirmed, what: "The plan changed",
            why: "what was shown is no longer what would run; nothing was changed",
            next: "look at the new plan and confirm that one")
    }

    private func pendingNames(_ facts: PromotionFacts) -> [String]? {
        guard let files = facts.releaseMigrations, let recorded = facts.recordedMigrations else { return nil }
        return try? MigrationOrder.pending(files: files, recorded: recorded).map(\.name)
    }

    func commits(from older: Release?, to newer: Release?, _ environment: Environment) -> [String] {
        guard let newer else { return [] }
        guard let older else { return ["\(newer.shortCommit) \(newer.subject)"] }
        guard older.commit != newer.commit else { return [] }
        return SourceFacts(ports: ports, project: project, environment: environment)
            .log(from: older.commit, to: newer.commit) ?? ["\(newer.shortCommit) \(newer.subject)"]
    }

    /// Definition keys that differ from those of the last deployment.
    func changedKeys(_ facts: EnvironmentFacts) throws(DeployError) -> [String] {
        let last = try ports.state.deployments(of: facts.environment.name, limit: 1000)
            .first { $0.outcome == .succeeded && $0.kind.movesRelease }
        guard let last, let plan = try ports.state.plan(of: last.timestamp) else { return [] }
        return try DefinitionDifference.keys(plan.environment, facts.environment)
    }

    private func promotionNotices(_ target: EnvironmentFacts, _ facts: PromotionFacts) -> [String] {
        var notices: [String] = []
        if target.environment.runtime.strategy == .recreate {
            notices.append("the service is down while the old release stops and the new one starts")
        }
        if facts.needsBackup {
            notices.append(
                "a rollback to \(target.release.map { "release \($0.timestamp)" } ?? "the state before") loses what is written after the backup"
            )
        }
        if !target.environment.sharedFolders.isEmpty {
            notices.append(
                "shared folders (\(target.environment.sharedFolders.joined(separator: ", "))) are not in the backup"
            )
        }
        return notices
    }
}

extension PlanDraft {
    /// The release that becomes current, by name.
    public var release: String? {
        switch goal {
        case .redeploy(let release), .promote(let release, _, _), .rollback(let release, _):
            "\(release.timestamp)"
        case .build, .restart, .start, .stop, .backUp, .nothing: nil
        }
    }
}
