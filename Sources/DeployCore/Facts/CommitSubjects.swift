/// What commits say of themselves, also those that no release was made of.
public struct CommitSubjects: Sendable {
    private let site: Site

    public init(_ site: Site) { self.site = site }

    /// By full commit; those that the repository does not have are missing, and all where git does not answer.
    public func of(_ commits: [String]) -> [String: String] {
        guard !commits.isEmpty else { return [:] }
        let git = GitCommands(repository: site.layout.absolute(site.environment.source.repository))
        let result = site.ports.commands.run(GitCommands.request(git.subjects(of: commits)))
        let lines = result.output.lines.compactMap { $0.cut(at: " ") }
        return Dictionary(lines.map { (String($0.before), String($0.after)) }) { first, _ in first }
    }
}
