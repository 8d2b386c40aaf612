extension Environment {
    /// How the project's own tool deploys a release and says what runs; each an argument vector, run in the release's
    /// folder.
    struct OwnTool: Hashable, Codable, Sendable {
        /// Puts a release in the place of the one before.
        var deploy: [String]
        /// Prints what runs, as one JSON object.
        var status: [String]
        /// Goes back to an earlier release; nil: `deploy` does.
        var rollback: [String]?
        /// Ends with 0 while what runs is well; nil: what runs is.
        var health: [String]?
        /// Ends what runs; nil: nothing does.
        var stop: [String]?
        /// Prints what services wrote last; nil: nobody can tell.
        var logs: [String]?
        /// How long each change may take, and how long after it until `status` shows it.
        var timeout: Duration = .seconds(600)

        /// What the argument vectors may name in braces.
        static let words = ["release", "commit", "environment", "previous", "deployment"]
    }

    /// What each command that changes something is told, whatever the release: where it is the same for two environments,
    /// both lead to one place.
    var toolTargets: [[String]] {
        guard let tool = runtime.ownTool else { return [] }
        let known = ["environment": name]
        let variables = variables.map { "\($0.key)=\(Braces.fill($0.value, with: known))" }.sorted()
        return [tool.deploy, tool.rollback, tool.stop].compactMap(\.self).map { vector in
            vector.map { Braces.fill($0, with: known) } + variables
        }
    }

    /// Whether what another definition of it had deployed may lie elsewhere.
    func mayDeployElsewhere(than earlier: Environment) -> Bool {
        toolTargets != earlier.toolTargets || user != earlier.user || secrets != earlier.secrets
            || linkedFiles != earlier.linkedFiles
    }
}

extension Service {
    /// What the project's own tool runs where the definition names no service.
    public static let unnamed = Service(name: "application", role: .app, listen: .none)
}
