/// Branch rules of an environment; pure.
enum Branch {
    static func refuse(_ branch: String, in environment: Environment) throws(DeployError) {
        guard !environment.branches.contains(where: { Pattern.matches(branch, $0) }) else { return }
        throw DeployError(
            .gateRefused, what: "Branch \(branch) may not be deployed to \(environment.name)",
            why: "allowed are \(environment.branches.joined(separator: ", "))",
            next: "git switch to one of them, or change \"branches\" in environments/\(environment.name).json"
        )
    }
}
