/// Tags the deployed commit, so that git knows what production runs.
struct TagSource: StepWork {
    static let id = "tag-source"
    var name: String
    var commit: String

    var title: String { "Tag the commit \(name)" }

    func programs(in layout: Layout) -> [ProgramCall] { [tagging(layout, "{head}")].calls }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let newest = try context.ports.state.auditRecords(of: nil, since: nil, limit: 1).first
        let head = try newest.map(AuditHead.init).map { head throws(DeployError) in
            let seal = AuditSeal(files: context.ports.files, project: context.layout.project)
            return "\(head.text)+\(try seal.mark(head, in: name))"
        }
        try context.run(
            GitCommands.request(tagging(context.layout, head ?? "none")),
            because: "The commit could not be tagged")
        return String(commit.prefix(8))
    }

    /// With the audit log's head, which is so known outside of this machine.
    private func tagging(_ layout: Layout, _ head: String) -> Command {
        GitCommands(repository: layout.absolute(layout.environment.source.repository)).tag(
            name, commit, saying: "audit \(head)")
    }

    var failure: FailurePolicy { .warn }
}
