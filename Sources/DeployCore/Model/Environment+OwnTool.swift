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
        static let words = ["release", "commit", "environment", "previous"]
    }
}

extension Service {
    /// What the project's own tool runs where the definition names no service.
    public static let unnamed = Service(name: "application", role: .app, listen: .none)
}
