/// Promotes the release its source environment proved; where nothing runs before, builds and deploys.
public struct Production: Sendable {
    let deployer: Deployer
    let name: String
    let requested: String?
    /// Whether the backup before it counts without a proof.
    let unproved: Bool

    /// What it would do now; changes nothing.
    ///
    /// - Throws: `.unfinishedRun` where a person has to settle an interrupted run first.
    public func preview() throws(DeployError) -> Proposal {
        try change(described).preview()
    }

    /// What it would do, what every gate says, and what a person who decides has to see.
    public func described(_ environment: Environment) throws(DeployError) -> Proposal {
        try notes.added(to: try judged(environment))
    }

    /// `confirm` is what `--confirm` carried; `show` is called with the proposal before the question is asked, `propose`
    /// in its place where whoever asks may not answer.
    ///
    /// - Throws: `.notConfirmed` without consent, and for what was only proposed.
    public func carryOut(
        confirm: String?, show: @escaping (Proposal) -> Void,
        propose: @escaping (Proposal) throws(DeployError) -> Void
    ) throws(DeployError) -> RunResult {
        let question = ConfirmationQuestion(
            given: confirm, purpose: { "deploy \($0.draft.subject) to \(name)" },
            show: { proposal throws(DeployError) in show(try notes.added(to: proposal)) },
            propose: { proposal throws(DeployError) in try propose(try notes.added(to: proposal)) })
        return try change(proposal).carryOut(.asked(question)) { () throws(DeployError) in
            try GateOverride.check(deployer.wantedOverrides.map(\.gate))
            let environments = try deployer.definitions.loadAll()
            try Isolation.refuseCollisions(environments)
            try TrackedSecrets(deployer.workspace).refuse(environments)
            try TrackedPrograms(deployer.workspace).refuse(environments)
        }
    }

    private func change(
        _ propose: @escaping (Environment) throws(DeployError) -> Proposal
    ) -> ChangeLifeCycle {
        ChangeLifeCycle(
            deployer: deployer, name: name, by: .written, purpose: "deployctl \(name)",
            wish: (requested.map { ["--release", $0] } ?? []) + (unproved ? ["--unproved-backup"] : []),
            propose: propose)
    }

    private var notes: PromotionNotes { PromotionNotes(workspace: deployer.workspace) }

    /// The proposal, or that what it would bring is live already.
    func proposal(_ environment: Environment) throws(DeployError) -> Proposal {
        var proposal = try judged(environment)
        if let facts = proposal.judgedBy, facts.rules.from != nil, facts.staged == nil {
            throw DeployError(
                .gateRefused, what: "Nothing is deployed to \(facts.source)",
                why: "\(facts.target) gets what \(facts.source) has proved; nothing was changed",
                next: "deployctl \(facts.source)")
        }
        if environment.promotion?.from == nil { proposal.warnings = [PromotionNotes.unproved] }
        switch proposal.draft.goal {
        case .promote(let release, _, _), .redeploy(let release):
            let live = LiveRelease(workspace: deployer.workspace, facts: proposal.draft.facts)
            proposal.upToDate = try live.upToDate(with: release)
        default: break
        }
        return proposal
    }

    /// What every gate says of the promotion, without what only a person who decides has to see.
    public func judged(_ environment: Environment) throws(DeployError) -> Proposal {
        guard let rules = environment.promotion else {
            throw DeployError(
                .invalidDefinition, what: "Nothing is promoted to \(environment.name)",
                why: "its definition has no \"promotion\": {\"from\": …}",
                next: "add it to environments/\(environment.name).json")
        }
        let head = rules.from == nil ? try present(environment) : nil
        let source = try rules.from.map { from throws(DeployError) in
            try deployer.collector.collect(try deployer.deployedDefinitions.load(from))
        }
        let release = try requested.map { text throws(DeployError) in
            try TimestampResolver.release(text, in: deployer.ports.state)
        }
        let exception = unproved ? try UnprovedBackup(of: name, in: deployer.ports.state) : nil
        let (facts, found) = try PromotionFactsCollector(
            deployer.workspace, definitions: deployer.definitions,
            source: source.map { Lookout(deployer.workspace, at: $0) }, target: environment,
            requested: release, building: head?.commit
        ).collect { () throws(DeployError) in try deployer.readableFacts(of: environment) }
        var target = found
        target.takesUnproved = unproved
        let gates = Gates.judge(facts)
        let wanted = deployer.wantedOverrides
        var proposal = Proposal(draft: draft(facts, target, building: head))
        (proposal.gates, proposal.overrides) = (gates.overridden(by: wanted), gates.used(of: wanted))
        (proposal.judgedBy, proposal.source) = (facts, source)
        if let exception {
            (proposal.notices, proposal.stake) = (exception.notices, UnprovedBackup.stake)
        }
        return proposal
    }

    /// The commit that is built where nothing runs before.
    private func present(_ environment: Environment) throws(DeployError) -> SourceFacts.Head {
        guard requested == nil else {
            throw DeployError(
                .usage, what: "No release can be named for \(environment.name)",
                why: "its definition promotes from nowhere; the present commit is built",
                next: "deployctl \(environment.name)")
        }
        return try SourceFacts(deployer.workspace.site(environment)).commit("HEAD")
    }

    private func draft(
        _ facts: PromotionFacts, _ target: EnvironmentFacts, building head: SourceFacts.Head?
    ) -> PlanDraft {
        if let head {
            if let release = target.release, release.commit == head.commit {
                return PlanDraft(kind: .deploy, facts: target, goal: .redeploy(release))
            }
            let goal = PlanDraft.Goal.build(commit: head.commit, branch: head.branch, subject: head.subject)
            return PlanDraft(kind: .deploy, facts: target, goal: goal)
        }
        let goal = facts.release.map {
            PlanDraft.Goal.promote(
                $0, from: facts.source, migrations: facts.pendingMigrations?.map(\.name))
        }
        return PlanDraft(kind: .promote, facts: target, goal: goal ?? .nothing)
    }
}
