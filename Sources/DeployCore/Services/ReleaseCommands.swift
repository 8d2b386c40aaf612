extension StepContext {
    /// What `runJobs` starts.
    static func programs(forJobsOf release: Timestamp, in layout: Layout) -> [ProgramCall] {
        let environment = layout.environment
        return environment.jobs.isEmpty
            ? [] : environment.serviceRuntime.programs(for: .runJobs(release), in: layout)
    }

    /// Runs the jobs of the definition.
    func runJobs(_ release: Timestamp, on database: DatabaseLocation?) throws(DeployError) {
        try environment.serviceRuntime.runJobs(
            for: release, on: database, within: Self.commandDeadline, in: self)
    }

    private static let commandDeadline = Duration.seconds(1800)

    /// What `runForRelease` starts.
    static func programs(forRelease release: Timestamp, _ vectors: [[String]], in layout: Layout)
        -> [ProgramCall]
    {
        layout.environment.serviceRuntime.programs(
            for: .run(vectors.compactMap(Command.init(vector:)), release), in: layout)
    }

    /// Runs the project's own commands for a release where its services run.
    func runForRelease(
        _ vectors: [[String]], _ release: Timestamp, on database: DatabaseLocation?,
        within limit: Duration? = nil, because what: String
    ) throws(DeployError) {
        try environment.serviceRuntime.run(
            vectors.compactMap(Command.init(vector:)), for: release, on: database,
            within: min(limit ?? Self.commandDeadline, Self.commandDeadline), because: what, in: self)
    }
}
