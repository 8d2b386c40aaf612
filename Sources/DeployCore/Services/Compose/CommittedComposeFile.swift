/// The Compose file that the newest commit has.
struct CommittedComposeFile {
    let site: Site

    /// What Compose has against it; nil where it can read it, and where nobody can say: without Compose, without the
    /// file, or for what the values of variables and other files decide.
    var objection: CommitObjection? {
        let name = ComposeProject.name(in: site.layout)
        let git = GitCommands(repository: site.layout.absolute(site.environment.source.repository))
        let committed = site.ports.commands.run(GitCommands.request(git.committed(name)))
        guard committed.succeeded,
            let result = try? ComposeTool(commands: site.ports.commands).parse(
                ComposeCommands.config(site.environment.composeProject, file: "-", interpolating: false),
                variables: [:], input: committed.output)
        else { return nil }
        let refusal = ComposeRefusal(result: result, name: name)
        return refusal.isOfTheDocument
            ? CommitObjection(file: name, why: "Compose refuses it: \(refusal.words)") : nil
    }
}

/// A file of a commit that no release can be made with.
struct CommitObjection: Hashable, Sendable {
    /// Relative to the project.
    var file: String
    var why: String
}
