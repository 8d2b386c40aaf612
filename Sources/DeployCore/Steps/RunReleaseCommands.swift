/// Runs the project's once-per-deployment commands in the new release.
struct RunReleaseCommands: StepWork {
    static let id = "run-release-commands"
    var release: Timestamp
    var database: DatabaseLocation?

    var title: String { "Run the release commands" }

    func programs(in layout: Layout) -> [ProgramCall] {
        StepContext.programs(forRelease: release, layout.environment.releaseCommands, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let commands = context.environment.releaseCommands
        try context.runForRelease(commands, release, on: database, because: "A release command failed")
        try ReleaseSeal(context.site).recordAdditions(of: release)
        return "\(commands.count) ran"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.endCommands(in: context)
    }
}
