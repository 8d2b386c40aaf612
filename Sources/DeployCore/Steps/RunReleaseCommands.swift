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

    public func commands(in layout: Layout) -> [Command] {
        layout.environment.releaseCommands.compactMap(Command.init(vector:))
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let commands = commands(in: context.layout)
        try context.runForRelease(commands, release, on: database, because: "A release command failed")
        return "\(commands.count) ran"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.endCommands(in: context)
    }
}
