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
        var variables = try ServiceEnvironment.variables(
            context, release: release, database: database, instance: nil)
        variables.merge(context.applicationSecrets) { mine, _ in mine }
        let commands = commands(in: context.layout)
        for command in commands {
            context.note("\(command)")
            try context.run(
                CommandRequest(
                    command, in: context.layout.release(release), environment: variables,
                    deadline: .seconds(1800), diesWithParent: true),
                because: "A release command failed")
        }
        return "\(commands.count) ran"
    }
}
