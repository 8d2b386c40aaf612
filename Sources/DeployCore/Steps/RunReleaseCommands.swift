/// Runs the project's once-per-deployment jobs and commands in the new release.
struct RunReleaseCommands: StepWork {
    static let id = "run-release-commands"
    var release: Timestamp
    var database: DatabaseLocation?

    var title: String { "Run the release commands" }

    func programs(in layout: Layout) -> [ProgramCall] {
        let commands = layout.environment.releaseCommands
        return StepContext.programs(forJobsOf: release, in: layout)
            + (commands.isEmpty ? [] : StepContext.programs(forRelease: release, commands, in: layout))
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let commands = context.environment.releaseCommands
        let jobs = context.environment.jobs
        try context.runJobs(release, on: database)
        if !commands.isEmpty {
            try context.runForRelease(commands, release, on: database, because: "A release command failed")
        }
        try ReleaseSeal(context.site).recordAdditions(of: release)
        return "\(jobs.count + commands.count) ran"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.endCommands(in: context)
    }
}
