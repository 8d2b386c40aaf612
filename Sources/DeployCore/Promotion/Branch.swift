/// Branch rules of an environment; pure.
enum Branch {
    static func refuse(_ head: SourceFacts.Head, in environment: Environment) throws(DeployError) {
        guard allowed(in: head.branches, by: environment.branches) == nil else { return }
        throw DeployError(
            .gateRefused, what: "Branch \(head.branch) may not be deployed to \(environment.name)",
            why: "allowed are \(environment.branches.joined(separator: ", "))",
            next: "git switch to one of them, or change \"branches\" in environments/\(environment.name).json"
        )
    }

    /// The first branch that a pattern allows; where every name is allowed, none is needed.
    static func allowed(in holding: [String], by patterns: [String]) -> String? {
        if patterns.contains(where: { $0 == "*" }) { return holding.first ?? "*" }
        return holding.first { name in patterns.contains { Pattern.matches(name, $0) } }
    }
}
