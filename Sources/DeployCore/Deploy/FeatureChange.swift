/// Gives one feature of an environment another share: a run of its own, which touches nothing else.
public struct FeatureChange: Sendable {
    let deployer: Deployer
    let name: String
    let feature: String
    let share: FeatureShare

    /// What it would do; changes nothing.
    public func preview() throws(DeployError) -> Proposal { try change.preview() }

    /// `confirm` is what `--confirm` carried; `show` is called with the proposal before the question is asked, `propose`
    /// in its place where whoever asks may not answer.
    ///
    /// - Throws: `.notFound` for a feature that the definition has not, `.notConfirmed` without consent.
    public func carryOut(
        confirm: String?, show: @escaping (Proposal) throws(DeployError) -> Void,
        propose: @escaping (Proposal) throws(DeployError) -> Void
    ) throws(DeployError) -> RunResult {
        try change.carryOut(
            .asked(
                ConfirmationQuestion(
                    given: confirm, purpose: { _ in "switch \(feature) \(share) in \(name)" }, show: show,
                    propose: propose)))
    }

    private var change: ChangeLifeCycle {
        ChangeLifeCycle(
            deployer: deployer, name: name, by: .deployed, purpose: "deployctl feature",
            wish: [feature, share.description], propose: proposal)
    }

    func proposal(_ environment: Environment) throws(DeployError) -> Proposal {
        let facts = try deployer.collector.collect(environment, starting: false)
        guard facts.release != nil else {
            throw DeployError(
                .notFound, what: "Nothing is deployed to \(name)", why: "no deployment has succeeded there",
                next: deployer.collector.wayToFirstRelease(of: environment))
        }
        let place = FeaturePlace(site: deployer.workspace.site(facts.environment))
        guard let now = try place.feature(feature) else { throw unknown(environment) }
        return Proposal(
            draft: PlanDraft(kind: .feature, facts: facts, goal: .setFeature(now, to: share)),
            upToDate: now.share == share ? "\(feature) is \(share) in \(name) already" : nil,
            notices: now.switched.map {
                ["was switched \($0.share) by \($0.performer) at \(UTC.rfc3339($0.since))"]
            } ?? [])
    }

    private func unknown(_ environment: Environment) -> DeployError {
        let known = environment.features.keys.sorted()
        guard !known.isEmpty else {
            return DeployError(
                .notFound, what: "\(name) has no features",
                why: "what was deployed there has no \"features\" in its definition",
                next: "add \"features\": {\"\(feature)\": false} to environments/\(name).json, and deploy it")
        }
        let meant = Nearest.word(to: feature, in: known)
        return DeployError(
            .notFound, what: "No feature \(Shown.text(feature)) in \(name)",
            why: "known are \(known.joined(separator: ", "))",
            next: "deployctl feature \(meant ?? known[0]) \(name) \(share)")
    }
}
