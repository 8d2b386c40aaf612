/// Tags the deployed commit, so that git knows what production runs.
public struct TagSource: StepWork {
    public static let id = "tag-source"
    public var name: String
    public var commit: String

    public init(name: String, commit: String) {
        self.name = name
        self.commit = commit
    }

    public var title: String { "Tag the commit \(name)" }

    public func commands(in layout: Layout) -> [Command] {
        [GitCommands(repository: layout.absolute(layout.environment.source.repository)).tag(name, commit)]
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        for command in commands(in: context.layout) {
            try context.run(CommandRequest(command), because: "The commit could not be tagged")
        }
        return String(commit.prefix(8))
    }

    public var failure: FailurePolicy { .warn }
}
