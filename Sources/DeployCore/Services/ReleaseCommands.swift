extension StepContext {
    private static let commandDeadline = Duration.seconds(1800)

    /// Runs the project's own commands for a release where its services run.
    func runForRelease(
        _ commands: [Command], _ release: Timestamp, on database: DatabaseLocation?,
        within limit: Duration? = nil, because what: String
    ) throws(DeployError) {
        try environment.serviceRuntime.run(
            commands, for: release, on: database,
            within: min(limit ?? Self.commandDeadline, Self.commandDeadline), because: what, in: self)
    }
}
