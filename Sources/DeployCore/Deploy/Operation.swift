/// Changes an environment, but not its release.
public struct Operation: Sendable {
    public enum Kind: Hashable, Sendable { case start, stop, restart, backUp }

    let deployer: Deployer
    let kind: Kind
    let name: String
    let service: String?

    /// What it would do; changes nothing.
    public func preview() throws(DeployError) -> Proposal { try change.preview() }

    public func carryOut() throws(DeployError) -> RunResult { try change.carryOut() }

    private var change: ChangeLifeCycle {
        ChangeLifeCycle(
            deployer: deployer, name: name, by: .deployed, purpose: "deployctl \(kind)",
            wish: [service].compactMap(\.self), propose: proposal)
    }

    func proposal(_ environment: Environment) throws(DeployError) -> Proposal {
        let facts =
            switch kind {
            case .stop, .backUp: try deployer.collector.collect(environment, starting: false)
            case .start, .restart: try deployer.facts(of: environment)
            }
        try refuseUnknownService(environment)
        try refuseWhatToolCannot(facts.environment)
        if kind == .stop, facts.serving != nil {
            try Preflight(site: deployer.workspace.site(facts.environment)).refuseSilence()
        }
        let stopsAll = kind == .stop && service == nil && facts.serving != nil
        guard facts.release != nil || stopsAll else {
            let unknown = facts.unknownRelease.map { "release \($0) serves, and the state does not know it" }
            throw DeployError(
                .notFound,
                what: unknown == nil
                    ? "Nothing is deployed to \(name)" : "\(name) has no deployment on record",
                why: unknown ?? "no deployment has succeeded there",
                next: deployer.collector.wayToFirstRelease(of: environment))
        }
        if kind != .stop {
            try facts.refuseLost(
                as: kind == .backUp ? .backupFailed : .gateRefused,
                backups: try deployer.ports.state.backups(of: name))
        }
        if kind == .restart { try refuseWorseCertificate(facts) }
        switch kind {
        case .start:
            let isWell =
                service == nil && facts.servingRuns && facts.look(in: deployer.workspace).servesWell
            return Proposal(
                draft: PlanDraft(kind: .start, facts: facts, goal: .start(service: service)),
                upToDate: isWell ? "\(name) serves well already" : nil)
        case .stop:
            return Proposal(draft: PlanDraft(kind: .stop, facts: facts, goal: .stop(service: service)))
        case .restart:
            return Proposal(draft: PlanDraft(kind: .restart, facts: facts, goal: .restart(service: service)))
        case .backUp:
            guard facts.hasData else {
                throw DeployError(
                    .notFound, what: "There is no data to back up in \(name)",
                    why: "its definition has none, or nothing was deployed yet",
                    next: "deployctl status \(name)")
            }
            return Proposal(draft: PlanDraft(kind: .backup, facts: facts, goal: .backUp))
        }
    }

    /// What is served well is not exchanged for what a deployment would refuse.
    private func refuseWorseCertificate(_ facts: EnvironmentFacts) throws(DeployError) {
        let site = deployer.workspace.site(facts.environment)
        guard facts.servingRuns, EdgeConfiguration(site: site).drift == .certificate,
            let verdict = CertificateCheck(site: site).finding?.verdict, verdict.kind == .refused
        else { return }
        throw DeployError(
            .invalidDefinition,
            what: "The certificate that lies there now is worse than the one that is served",
            why: "\(verdict.measured); nothing was changed", next: verdict.next)
    }

    /// The project's own tool brings all services at once, and may know no way to end them.
    private func refuseWhatToolCannot(_ environment: Environment) throws(DeployError) {
        guard let tool = environment.runtime.ownTool else { return }
        if let service {
            throw DeployError(
                .usage, what: "\(service) cannot be started or stopped alone",
                why: "the project's own tool brings all services of \(name) at once",
                next: "deployctl restart \(name)")
        }
        guard kind == .stop else { return }
        guard tool.stop != nil else {
            throw DeployError(
                .invalidDefinition, what: "\(name) cannot be stopped",
                why: "the definition it was deployed with has no \"stop\" in \"runtime\"",
                next: "add \"stop\" to \"runtime\" and deploy, or stop it with the tool itself")
        }
        try refuseForeign(environment)
    }

    /// What somebody else deployed would go on, or be ended unasked.
    private func refuseForeign(_ environment: Environment) throws(DeployError) {
        let site = deployer.workspace.site(environment)
        guard let id = site.records.currentID, let handed = try site.handed(id),
            case .said(let answer) = OwnToolLook(handed, on: site.ports).seen(),
            answer.state != .stopped, !answer.names(handed)
        else { return }
        throw DeployError(
            .gateRefused, what: "The project's own tool has something else than release \(handed.release)",
            why: "status says: \(answer.words); nothing was stopped",
            next: "stop it with the tool itself, or deployctl restart \(name)")
    }

    private func refuseUnknownService(_ environment: Environment) throws(DeployError) {
        guard let service, !environment.services(called: service).contains(where: { $0.role == .app }) else {
            return
        }
        let known = environment.definedServices.map(\.service).filter { $0.role == .app }.map(\.definedName)
        throw DeployError(
            .notFound, what: "No service \(service) in \(name)",
            why: "known are \(known.joined(separator: ", "))", next: "deployctl status \(name)")
    }
}
