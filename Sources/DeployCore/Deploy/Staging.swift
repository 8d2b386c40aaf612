/// Builds a commit into a release and deploys it to `staging`.
public struct Staging: Sendable {
    static let name = "staging"

    let deployer: Deployer
    let reference: String

    /// What it would do; changes nothing.
    public func preview() throws(DeployError) -> Proposal { try change.preview() }

    /// Deploys, then promotes to every environment that follows by itself; `tell` is called with each result as soon as
    /// it is there, and the code is that of the first that is not well.
    public func carryOut(tell: (RunResult) throws(DeployError) -> Void) throws(DeployError) -> ExitCode {
        let result = try change.carryOut { () throws(DeployError) in
            let environments = try deployer.definitions.loadAll()
            try Isolation.refuseCollisions(environments)
            try TrackedSecrets(deployer.workspace).refuse(environments)
            try TrackedPrograms(deployer.workspace).refuse(environments)
        }
        try tell(result)
        guard result.succeeded else { return result.exitCode }
        return try AutomaticPromotion(deployer, from: Self.name).carryOut(tell: tell)
            .first { $0 != .done } ?? result.exitCode
    }

    private var change: ChangeLifeCycle {
        ChangeLifeCycle(
            deployer: deployer, name: Self.name, by: .written, purpose: "deployctl staging",
            wish: ["--ref", reference],
            propose: proposal)
    }

    private func proposal(_ environment: Environment) throws(DeployError) -> Proposal {
        let source = SourceFacts(deployer.workspace.site(environment))
        let head = try source.commit(reference)
        let facts = try deployer.readableFacts(of: environment)
        try Branch.refuse(head, in: environment)
        let doubt = try Rebuilding.doubts(in: deployer.ports.state)[environment.name]
        guard let release = facts.release, release.commit == head.commit, doubt == nil else {
            let goal = PlanDraft.Goal.build(commit: head.commit, branch: head.branch, subject: head.subject)
            return try proposal(goal, facts, uncommitted: try source.uncommitted())
        }
        let live = LiveRelease(workspace: deployer.workspace, facts: facts)
        guard let sentence = try live.upToDate(with: release) else {
            return try proposal(.redeploy(release), facts, uncommitted: 0)
        }
        return Proposal(draft: PlanDraft(kind: .deploy, facts: facts, goal: .nothing), upToDate: sentence)
    }

    private func proposal(
        _ goal: PlanDraft.Goal, _ facts: EnvironmentFacts, uncommitted: Int
    ) throws(DeployError) -> Proposal {
        let draft = PlanDraft(kind: .deploy, facts: try deployer.freshData.added(to: facts), goal: goal)
        let left =
            "\(uncommitted) uncommitted change\(uncommitted == 1 ? " is" : "s are") not in this deployment"
        return Proposal(
            draft: draft,
            notices: try LiveRelease(workspace: deployer.workspace, facts: facts).grantNotices()
                + draft.fillingNotices,
            warnings: (uncommitted > 0 ? [left] : []) + draft.fillingNotices)
    }
}
