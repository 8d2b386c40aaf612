/// Promotes what an environment has just been given, to every other whose definition accepts that risk.
///
/// Every gate but CONFIRM stands; a git hook gets no further than the source.
struct AutomaticPromotion {
    private let deployer: Deployer
    private let source: String

    init(_ deployer: Deployer, from source: String) {
        // A key names the run that was asked for, not what follows from it.
        self.deployer = deployer.withoutIdempotencyKey
        self.source = source
    }

    func carryOut(tell: (RunResult) throws(DeployError) -> Void) throws(DeployError) -> [ExitCode] {
        var codes: [ExitCode] = []
        for target in try followers() {
            if let began = deployer.origin.trigger.nobody {
                deployer.report(.warned("\(target) is not promoted automatically: \(began)"))
                continue
            }
            deployer.report(.warned("\(target) is promoted automatically; nobody looks before"))
            let result = try promote(to: target)
            try tell(result)
            codes.append(result.exitCode)
        }
        return codes
    }

    private func followers() throws(DeployError) -> [String] {
        try deployer.definitions.loadAll().filter { environment in
            guard let rules = environment.promotion else { return false }
            return rules.from == source && rules.trigger == .automatic && rules.acceptsRisk
        }.map(\.name)
    }

    private func promote(to target: String) throws(DeployError) -> RunResult {
        let change = ChangeLifeCycle(
            deployer: deployer, name: target, by: .written, purpose: "automatic promotion",
            propose: { environment throws(DeployError) in
                let proposal = try deployer.production(target).proposal(environment)
                let live = LiveRelease(workspace: deployer.workspace, facts: proposal.draft.facts)
                if let grant = try live.newGrants().first {
                    throw DeployError(
                        .gateRefused, what: "\(target) is not promoted automatically",
                        why: "newly granted: \(grant), which somebody has to see first",
                        next: "deployctl \(target)")
                }
                return proposal
            })
        return try change.carryOut(.automatic) { () throws(DeployError) in
            try Isolation.refuseCollisions(try deployer.definitions.loadAll())
        }
    }
}
