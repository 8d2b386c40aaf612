/// What a rollback takes back.
public enum RollbackScope: Hashable, Sendable { case codeAndData, codeOnly, dataOnly }

/// What a person asked to go back to.
public struct RollbackRequest: Sendable {
    /// A release, a deployment or a backup as a person names it, or `previous`.
    public var target: String
    public var scope: RollbackScope
    public var skipsSafetyBackup: Bool

    public init(target: String, scope: RollbackScope, skipsSafetyBackup: Bool) {
        self.target = target
        self.scope = scope
        self.skipsSafetyBackup = skipsSafetyBackup
    }

    /// As it is typed.
    var words: [String] {
        let scope =
            switch scope {
            case .codeAndData: [String]()
            case .codeOnly: ["--code-only"]
            case .dataOnly: ["--data-only"]
            }
        return [target] + scope + (skipsSafetyBackup ? ["--skip-safety-backup"] : [])
    }
}

/// Brings an earlier release and its data back as one.
public struct Rollback: Sendable {
    let deployer: Deployer
    let name: String
    let request: RollbackRequest

    /// What it would do, and what would be lost; changes nothing.
    public func preview() throws(DeployError) -> Proposal { try change.preview() }

    /// `confirm` is what `--confirm` carried; `show` is called with the proposal before the question is asked, `propose`
    /// in its place where whoever asks may not answer.
    ///
    /// - Throws: `.notConfirmed` without consent, and for what was only proposed.
    public func carryOut(
        confirm: String?, show: @escaping (Proposal) -> Void,
        propose: @escaping (Proposal) throws(DeployError) -> Void
    ) throws(DeployError) -> RunResult {
        let question = ConfirmationQuestion(
            given: confirm, purpose: purpose, show: show, propose: propose)
        return try change.carryOut(.asked(question))
    }

    /// Tries it beside everything that serves; nothing of that stays.
    ///
    /// - Throws: `.backupFailed` when the backup does not restore, `.stepFailed` when the release does not get healthy.
    public func rehearse() throws(DeployError) -> Rehearsal {
        try RollbackRehearsal(rollback: self).carryOut()
    }

    private var change: ChangeLifeCycle {
        ChangeLifeCycle(
            deployer: deployer, name: name, by: .deployed, purpose: "deployctl rollback", wish: request.words,
            propose: proposal)
    }

    private func purpose(_ proposal: Proposal) -> String {
        guard request.scope == .dataOnly, case .rollback(_, .some(let backup)) = proposal.draft.goal else {
            return "roll \(name) back to \(proposal.draft.release ?? "")"
        }
        return "put the data of backup \(backup.timestamp) back in \(name)"
    }

    func proposal(_ environment: Environment) throws(DeployError) -> Proposal {
        var facts = try deployer.facts(of: environment)
        facts.skipsSafetyBackup = request.skipsSafetyBackup
        facts = try deployer.freshData.added(to: facts)
        let target = try target(environment, facts)
        let release = target.release.timestamp
        if let then = try deployer.deployedDefinitions.running(release, in: name) {
            facts.environment = facts.environment.starting(as: then)
        }
        try refuseLost(target, deployer.workspace.site(facts.environment))
        let checks = RollbackChecks(
            site: deployer.workspace.site(facts.environment), facts: facts, reason: deployer.origin.reason)
        let data = try checks.dataHalf(target, request.scope)
        if data == nil && facts.release?.timestamp == target.release.timestamp && facts.servingRuns {
            throw DeployError(
                .notFound, what: "Release \(target.release.timestamp) is current already",
                why: "and no data is to be restored", next: "deployctl history \(name)")
        }
        if data == nil {
            try checks.refuseOpenMigrations(target)
        } else if let data, request.scope == .dataOnly {
            try checks.refuseNewerData(data, target.release)
        }
        let outlook = try RollbackSurvey(checks: checks).outlook(target.release, data, request.scope)
        facts.loss = outlook.loss
        let draft = PlanDraft(
            kind: request.scope == .dataOnly ? .restore : .rollback, facts: facts,
            goal: .rollback(target.release, data: data))
        var proposal = Proposal(
            draft: draft,
            notices: try undone(by: target.release, facts) + outlook.notices + draft.fillingNotices)
        proposal.stake = outlook.stake
        proposal.undoneCommits = SourceFacts(deployer.workspace.site(environment))
            .commits(from: target.release, to: facts.release)
        return proposal
    }

    /// Nothing is asked, held or backed up for a release that could not be started then.
    private func refuseLost(_ target: RollbackCandidate, _ site: Site) throws(DeployError) {
        let release = target.release.timestamp
        guard let loss = RollbackTargets(site).losses(among: [target])[release] else { return }
        throw DeployError(
            .gateRefused, what: "Release \(release) cannot run",
            why: "\(loss); nothing was changed",
            next: target.isCurrent
                ? "git commit --allow-empty, then deployctl staging"
                : "another release: deployctl rollback --environment \(name)")
    }

    /// What the last change of the release was, and what was said of the one that is gone to.
    private func undone(
        by release: Release, _ facts: EnvironmentFacts
    ) throws(DeployError) -> [String] {
        let state = deployer.ports.state
        guard release.timestamp != facts.release?.timestamp else { return [] }
        let last = try state.releaseMoves(of: name, limit: 1).first.map { last in
            let age = HumanText.age(of: last.startedAt, at: deployer.ports.clock.now())
            return "undoes the \(last.kind.noun) of \(age), \(last.timestamp), by \(last.performer)"
        }
        let veto = try state.vetoes(of: release.timestamp).first.map {
            "release \(release.timestamp) is vetoed by \($0.performer): \($0.reason)"
        }
        return [last, veto].compactMap(\.self)
    }

    private func target(
        _ environment: Environment, _ facts: EnvironmentFacts
    ) throws(DeployError) -> RollbackCandidate {
        let targets = RollbackTargets(deployer.workspace.site(environment))
        return try request.scope == .dataOnly
            ? targets.dataTarget(request.target, facts) : targets.resolve(request.target)
    }
}
