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

    public func programs(in layout: Layout) -> [ProgramCall] { [tagging(layout)].calls }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try context.run(CommandRequest(tagging(context.layout)), because: "The commit could not be tagged")
        return String(commit.prefix(8))
    }

    private func tagging(_ layout: Layout) -> Command {
        GitCommands(repository: layout.absolute(layout.environment.source.repository)).tag(name, commit)
    }

    public var failure: FailurePolicy { .warn }
}
