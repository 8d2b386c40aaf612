/// Checks that there is a commit to build, and that git leaves alone what the tool writes.
struct SourceCheck {
    let site: Site

    func all() -> [Finding] { [commit] + [open, tracked, strays].compactMap(\.self) }

    private var name: String { site.environment.name }

    private var commit: Finding {
        let id = "\(name) source"
        do throws(DeployError) {
            let head = try SourceFacts(site).commit("HEAD")
            return Finding(id: id, verdict: .passed("\(head.commit.prefix(8)) \(Shown.text(head.subject))"))
        } catch {
            return Finding(id: id, verdict: .refused("\(error.what): \(error.why)", next: error.next))
        }
    }

    /// nil where git ignores all of it, or nothing of it is there or in a checkout.
    private var open: Finding? {
        let (layout, files) = (site.layout, site.ports.files)
        guard files.kind(of: "\(layout.project)/.git") != nil else { return nil }
        let git = GitCommands(repository: layout.project)
        let taken = [Layout.tool(layout.project), layout.logs, layout.backups].filter { path in
            files.kind(of: path) == .folder && path.begins(with: "\(layout.project)/")
                && site.ports.commands.run(GitCommands.request(git.ignores("\(path)/x"))).ending == .exited(1)
        }
        guard !taken.isEmpty else { return nil }
        return Finding(
            id: "\(name) ignored",
            verdict: .warned(
                "git add -A would take \(taken.joined(separator: ", "))",
                next: "write a .gitignore with the line * into each"))
    }

    /// nil where git has none of the environment's secrets.
    private var tracked: Finding? {
        let found = TrackedSecrets(Workspace(ports: site.ports, project: site.layout.project))
            .files(of: [site.environment])
        guard !found.isEmpty else { return nil }
        return Finding(
            id: "\(name) secrets",
            verdict: .refused(
                "git has \(found.map { Shown.text($0) }.joined(separator: ", "))",
                next: TrackedSecrets.wayOut(found)))
    }

    /// nil where what serves keeps nothing beside its code.
    private var strays: Finding? {
        ServingStrays(site: site).warning.map {
            Finding(
                id: "\(name) strays",
                verdict: .warned($0, next: "look at \(site.layout.currentRelease), then deploy the change"))
        }
    }
}
