/// A plan that somebody asks for who may not confirm it.
struct ProposedPlan {
    let deployer: Deployer
    let proposal: Proposal
    /// How a person confirms it; nil where the definition asks for no word.
    let rule: Environment.Confirmation?

    private var name: String { proposal.draft.facts.environment.name }

    /// Writes down who proposed it.
    ///
    /// - Returns: what whoever proposed it is told.
    /// - Throws: `.needsPerson` where the state is lost, and why nothing could be written.
    func recorded() throws(DeployError) -> DeployError {
        if let loss = try deployer.ports.state.loss() { throw loss }
        var entry = deployer.audit.entry(.propose, in: name, on: proposal.planID)
        entry.release = proposal.draft.release.flatMap { Timestamp(digits: $0) }
        try deployer.audit.record(entry)
        return DeployError(
            .notConfirmed, what: "Plan \(proposal.planID) for \(name) is proposed, not carried out",
            why: "an agent proposes, and a person confirms; nothing was changed", next: next)
    }

    /// What a person types, who looks at it first.
    private var next: String {
        let asked = deployer.origin.command.filter { $0 != "--confirm" }.flatMap(Self.single)
            .map(ShellText.quoted)
        let command = (["deployctl"] + asked + reason).joined(separator: " ")
        guard rule?.nonInteractive != .never else {
            return "a person confirms on a terminal, where the plan's id has to be the same: \(command)"
        }
        return "a person confirms exactly this plan: \(command) --confirm \(proposal.planID)"
    }

    /// Several gates stand behind one flag in the record, and behind one each on a command line.
    private static func single(_ word: String) -> [String] {
        let gates = word.after("--override=")?.split(at: ",").map { "--override=\($0)" }
        return gates ?? [word]
    }

    private static let reasoned = ["--unproved-backup", "--skip-safety-backup"]

    /// A place for the reason that some words need; the agent's own is no person's.
    private var reason: [String] {
        let needsOne = deployer.origin.command.contains { word in
            word.begins(with: "--override=") || Self.reasoned.contains { $0 == word }
        }
        return needsOne ? ["--reason", "WHY"] : []
    }
}
