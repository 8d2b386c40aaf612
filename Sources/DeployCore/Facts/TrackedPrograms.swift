/// Programs that run outside of every release and that git has: a commit would change what this account runs.
public struct TrackedPrograms: Sendable {
    private let workspace: Workspace

    public init(_ workspace: Workspace) { self.workspace = workspace }

    /// Their paths, relative to the project; empty where the project is no checkout.
    private func files(of environments: [Environment]) -> [String] {
        let own = "\(workspace.project)/"
        let words = environments.flatMap { $0.tls?.acme?.zone ?? [] }
        let paths = Set(words.map { word in word.after(own).map { String($0) } ?? word }.map(Self.plain))
            .filter { !$0.isEmpty && !$0.begins(with: "/") && !$0.begins(with: "-") }
        guard !paths.isEmpty else { return [] }
        let git = GitCommands(repository: workspace.project)
        let result = workspace.ports.commands.run(GitCommands.request(git.tracked(paths.sorted())))
        guard result.succeeded else { return [] }
        // A word may be the name of a folder, and is no program then.
        return result.output.split(at: "\0").map { String($0) }.filter(paths.contains)
    }

    private static func plain(_ path: String) -> String { path.after("./").map { String($0) } ?? path }

    /// - Throws: `.invalidDefinition` where there is one.
    public func refuse(_ environments: [Environment]) throws(DeployError) {
        let found = files(of: environments)
        guard !found.isEmpty else { return }
        let paths = found.map { ShellText.quoted($0) }.joined(separator: " ")
        throw DeployError(
            .invalidDefinition,
            what:
                "\"tls.acme.dns\" names programs in git: \(found.map { Shown.text($0) }.joined(separator: ", "))",
            why:
                "whoever commits would decide what runs here with this account's rights, at each renewal too",
            next: "git rm --cached \(paths), add it to .gitignore and commit; the program stays where it is")
    }
}
