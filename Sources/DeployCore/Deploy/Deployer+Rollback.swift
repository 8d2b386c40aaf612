/// What a rollback takes back.
public enum RollbackScope: Hashable, Sendable { case codeAndData, codeOnly, dataOnly }

extension Deployer {
    /// What a person asked to go back to.
    public struct RollbackRequest: Sendable {
        public var target: String
        public var scope: RollbackScope
        public var skipsSafetyBackup: Bool

        public init(target: String, scope: RollbackScope, skipsSafetyBackup: Bool) {
            self.target = target
            self.scope = scope
            self.skipsSafetyBackup = skipsSafetyBackup
        }
    }

    /// Brings an earlier release and its data back as one.
    public func rollback(
        _ name: String, _ request: RollbackRequest, confirm: String?, show: (Proposal) -> Void
    ) throws(DeployError) -> Result {
        if let earlier = try earlier() { return earlier }
        let environment = try definitions.load(name)
        if environment.promotion != nil { try refuseHooks() }
        return try locked(name, for: "deployctl rollback") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            let proposal = try rollbackProposal(environment, request)
            show(proposal)
            let approval = try ConfirmationQuestion(ports: ports, origin: origin, given: confirm).obtain(
                environment.confirmation, plan: proposal.planID,
                question: question(proposal, request.scope))
            let again = try rollbackProposal(try definitions.load(name), request)
            try refuseChange(proposal, again)
            return try carryOut(again.draft, approval: approval)
        }
    }

    private func question(_ proposal: Proposal, _ scope: RollbackScope) -> String {
        let name = proposal.draft.facts.environment.name
        guard scope == .dataOnly, case .rollback(_, .some(let backup)) = proposal.draft.goal else {
            return "roll \(name) back to \(proposal.draft.release ?? "")"
        }
        return "put the data of backup \(backup.timestamp) back in \(name)"
    }

    /// The plan of a rollback, with what it would lose.
    public func rollbackProposal(
        _ environment: Environment, _ request: RollbackRequest
    ) throws(DeployError) -> Proposal {
        var facts = try collector.collect(environment)
        try preflight(facts.environment)
        facts.skipsSafetyBackup = request.skipsSafetyBackup
        facts = try withSource(facts)
        let target =
            try request.scope == .dataOnly
            ? dataTarget(request.target, environment, facts) : resolve(request.target, in: environment)
        let data = try dataHalf(target, request.scope, facts)
        if data == nil && facts.release?.timestamp == target.release.timestamp && facts.servingRuns {
            throw DeployError(
                .notFound, what: "Release \(target.release.timestamp) is current already",
                why: "and no data is to be restored", next: "deployctl history \(environment.name)")
        }
        if data == nil {
            try refuseOpenMigrations(target.release, facts)
        } else if let data, request.scope == .dataOnly {
            try refuseNewerData(data, target.release, facts)
        }
        let kind: Deployment.Kind = request.scope == .dataOnly ? .restore : .rollback
        let outlook = try outlook(data, facts)
        facts.loss = outlook.loss
        var proposal = Proposal(
            draft: PlanDraft(kind: kind, facts: facts, goal: .rollback(target.release, data: data)),
            notices: outlook.notices)
        proposal.notices += try codeNotices(target.release, outlook.loss, request.scope, facts)
        proposal.notices += proposal.draft.fillingNotices
        proposal.undoneCommits = commits(from: target.release, to: facts.release, environment)
        return proposal
    }
}
