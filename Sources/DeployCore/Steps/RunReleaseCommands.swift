/// Runs the project's once-per-deployment commands in the new release.
public struct RunReleaseCommands: StepWork {
    public static let id = "run-release-commands"
    public var release: Timestamp
    public var database: DatabaseLocation?

    public init(release: Timestamp, database: DatabaseLocation?) {
        self.release = release
        self.database = database
    }

    public var title: String { "Run the release commands" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        StepContext.programs(forRelease: release, layout.environment.releaseCommands, in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let commands = context.environment.releaseCommands
        try context.runForRelease(commands, release, on: database, because: "A release command failed")
        return "\(commands.count) ran"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.endCommands(in: context)
    }
}
