import FoundationEssentials

extension Deployer {
    /// What changes an environment but not its release.
    public enum Operation: Hashable, Sendable {
        case start, stop, restart, backUp
    }

    /// Starts, stops, restarts or backs up an environment without changing its release.
    public func operate(_ operation: Operation, _ name: String, service: String?) throws(DeployError)
        -> Result
    {
        if let earlier = try earlier() { return earlier }
        let environment = try definitions.load(name)
        return try locked(name, for: "deployctl \(operation)") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            let draft = try operationDraft(operation, environment, service: service)
            guard let draft else { return .upToDate("\(name) serves well already") }
            return try carryOut(draft, approval: nil)
        }
    }

    /// What the operation would do; nil when nothing has to be done.
    public func operationDraft(
        _ operation: Operation, _ environment: Environment, service: String?
    ) throws(DeployError) -> PlanDraft? {
        let facts = try collector.collect(environment)
        try preflight(facts.environment)
        try refuseUnknown(service, in: environment)
        guard facts.release != nil else {
            throw DeployError(
                .notFound, what: "Nothing is deployed to \(environment.name)",
                why: "no deployment has succeeded there",
                next: "deployctl \(environment.name)")
        }
        switch operation {
        case .start:
            if service == nil, facts.servingRuns, facts.look(in: workspace).servesWell { return nil }
            return PlanDraft(kind: .start, facts: facts, goal: .start(service: service))
        case .stop: return PlanDraft(kind: .stop, facts: facts, goal: .stop(service: service))
        case .restart: return PlanDraft(kind: .restart, facts: facts, goal: .restart(service: service))
        case .backUp:
            guard facts.hasData else {
                throw DeployError(
                    .notFound, what: "There is no data to back up in \(environment.name)",
                    why: "its definition has none, or nothing was deployed yet",
                    next: "deployctl status \(environment.name)")
            }
            return PlanDraft(kind: .backup, facts: facts, goal: .backUp)
        }
    }

    private func refuseUnknown(_ service: String?, in environment: Environment) throws(DeployError) {
        guard let service else { return }
        let known = environment.services.filter { $0.role == .app }.map(\.name)
        guard known.contains(service) else {
            throw DeployError(
                .notFound, what: "No service \(service) in \(environment.name)",
                why: "known are \(known.joined(separator: ", "))",
                next: "deployctl status \(environment.name)")
        }
    }
}
