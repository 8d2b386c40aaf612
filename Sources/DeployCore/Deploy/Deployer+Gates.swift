/// Judging a promotion, with nothing around it.
extension Deployer {
    /// What every gate says, without what only a person who decides has to see.
    public func gates(_ environment: Environment) throws(DeployError) -> Proposal {
        try judged(environment, requested: nil).proposal
    }

    /// A proposal with what it was judged by.
    struct Judgement {
        var proposal: Proposal
        var facts: PromotionFacts
        /// nil where nothing runs before the target.
        var source: EnvironmentFacts?
    }

    func judged(_ environment: Environment, requested: String?) throws(DeployError) -> Judgement {
        guard let rules = environment.promotion else {
            throw DeployError(
                .invalidDefinition, what: "Nothing is promoted to \(environment.name)",
                why: "its definition has no \"promotion\": {\"from\": …}",
                next: "add it to environments/\(environment.name).json")
        }
        guard let from = rules.from else { return try judgedDirectly(environment, requested) }
        let source = try collector.collect(try definitions.load(from))
        let release = try requested.map { text throws(DeployError) in try resolveRelease(text) }
        let (facts, target) = try PromotionFactsCollector(
            workspace, definitions: definitions, source: Lookout(workspace, at: source), target: environment,
            requested: release
        ).collect { () throws(DeployError) in try lookAtTarget(environment) }
        let goal = facts.release.map {
            PlanDraft.Goal.promote($0, from: from, migrations: pendingNames(facts))
        }
        let draft = PlanDraft(kind: .promote, facts: target, goal: goal ?? .nothing)
        return Judgement(proposal: judged(draft, by: facts), facts: facts, source: source)
    }

    /// The same for an environment that nothing runs before.
    private func judgedDirectly(
        _ environment: Environment, _ requested: String?
    ) throws(DeployError) -> Judgement {
        guard requested == nil else {
            throw DeployError(
                .usage, what: "No release can be named for \(environment.name)",
                why: "its definition promotes from nowhere; the present commit is built",
                next: "deployctl \(environment.name)")
        }
        let head = try SourceFacts(workspace.site(environment)).commit("HEAD")
        let (facts, target) = try PromotionFactsCollector(
            workspace, definitions: definitions, source: nil, target: environment, branch: head.branch
        ).collect { () throws(DeployError) in try lookAtTarget(environment) }
        var goal = PlanDraft.Goal.build(commit: head.commit, branch: head.branch, subject: head.subject)
        if let release = target.release, release.commit == head.commit { goal = .redeploy(release) }
        return Judgement(
            proposal: judged(PlanDraft(kind: .deploy, facts: target, goal: goal), by: facts), facts: facts)
    }

    private func lookAtTarget(_ environment: Environment) throws(DeployError) -> EnvironmentFacts {
        let target = try collector.collect(environment)
        try preflight(target.environment)
        return target
    }

    private func judged(_ draft: PlanDraft, by facts: PromotionFacts) -> Proposal {
        let gates = Gates.judge(facts)
        return Proposal(
            draft: draft, gates: gates.overridden(by: wantedOverrides),
            overrides: gates.used(of: wantedOverrides))
    }

    private func pendingNames(_ facts: PromotionFacts) -> [String]? {
        guard let files = facts.data.files, let recorded = facts.data.recorded else { return nil }
        return try? MigrationOrder.pending(files: files, recorded: recorded).map(\.name)
    }
}
