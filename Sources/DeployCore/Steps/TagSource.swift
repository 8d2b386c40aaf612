/// Tags the deployed commit, so that git knows what production runs.
struct TagSource: StepWork {
    static let id = "tag-source"
    var name: String
    var commit: String

    var title: String { "Tag the commit \(name)" }

    func programs(in layout: Layout) -> [ProgramCall] { [tagging(layout)].calls }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try context.run(
            GitCommands.request(tagging(context.layout)), because: "The commit could not be tagged")
        return String(commit.prefix(8))
    }

    private func tagging(_ layout: Layout) -> Command {
        GitCommands(repository: layout.absolute(layout.environment.source.repository)).tag(name, commit)
    }

    var failure: FailurePolicy { .warn }
}
