import FoundationEssentials

extension Deployer {
    /// Promotes what `source` has just been given, to every environment whose definition accepts that risk.
    ///
    /// Every gate but CONFIRM stands; a git hook gets no further than `source`.
    public func promoteAutomatically(from source: String) throws(DeployError) -> [Result] {
        var results: [Result] = []
        for environment in try definitions.loadAll() {
            guard let rules = environment.promotion, rules.from == source, rules.trigger == .automatic,
                rules.acceptsRisk
            else { continue }
            guard origin.trigger.hasSomebody else {
                let began =
                    origin.trigger == .hook ? "a git hook began this run" : "what began this run has gone"
                report(.warned("\(environment.name) is not promoted automatically: \(began)"))
                continue
            }
            report(.warned("\(environment.name) is promoted automatically; nobody looks before"))
            results.append(try promoteUnseen(environment))
        }
        return results
    }

    private func promoteUnseen(_ environment: Environment) throws(DeployError) -> Result {
        try refuseCollisions()
        return try locked(environment.name, for: "automatic promotion") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            let proposal = try promotion(environment, requested: nil)
            try Gates.require(proposal.gates, for: environment.name)
            let approval = Approval(
                planID: proposal.planID, performer: origin.performer, means: .automatic,
                approvedAt: ports.clock.now())
            return try carryOut(proposal.draft, approval: approval)
        }
    }
}
