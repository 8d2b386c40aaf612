/// Secrets in files that git has, so that everybody with the repository has them too.
public struct TrackedSecrets: Sendable {
    private let workspace: Workspace

    public init(_ workspace: Workspace) { self.workspace = workspace }

    /// Their paths, relative to the project; empty where the project is no checkout.
    func files(of environments: [Environment]) -> [String] {
        let own = "\(workspace.project)/"
        let paths = environments.flatMap(\.secretFiles).compactMap { path in
            path.begins(with: "/") ? path.after(own).map { String($0) } : path
        }
        guard !paths.isEmpty else { return [] }
        let git = GitCommands(repository: workspace.project)
        let result = workspace.ports.commands.run(GitCommands.request(git.tracked(Set(paths).sorted())))
        return result.succeeded ? result.output.split(at: "\0").map { String($0) } : []
    }

    /// - Throws: `.invalidDefinition` where there is one.
    public func refuse(_ environments: [Environment]) throws(DeployError) {
        let found = files(of: environments)
        guard !found.isEmpty else { return }
        throw DeployError(
            .invalidDefinition,
            what: "Secrets are in git: \(found.map { Shown.text($0) }.joined(separator: ", "))",
            why: "everybody who has the repository has them, and every release would hold them",
            next: Self.wayOut(found))
    }

    /// What to do about them.
    static func wayOut(_ files: [String]) -> String {
        "git rm --cached \(files.map { ShellText.quoted($0) }.joined(separator: " ")), commit, and give each a new value"
    }
}
