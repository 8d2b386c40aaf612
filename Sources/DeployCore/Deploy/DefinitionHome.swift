/// Where an environment's definition belongs, and what it makes use of.
struct DefinitionHome {
    let workspace: Workspace
    let used: DefinitionLoader

    /// What the project's own folder guards has no second definition with other rules.
    ///
    /// - Throws: `.invalidDefinition` when another folder is used and releases are promoted to the environment.
    func refuseOther(for name: String) throws(DeployError) {
        let own = DefinitionLoader(
            files: workspace.ports.files, folder: "\(workspace.project)/environments", machine: used.machine)
        guard used.folder != own.folder, own.names().contains(where: { $0 == name }) else { return }
        if let environment = try? own.load(name), environment.promotion == nil { return }
        throw DeployError(
            .invalidDefinition, what: "\(name) is defined in the project's own environments folder",
            why: "\(Shown.text(used.folder, limit: 4096)) would give it other rules; nothing was changed",
            next: "run it without --environments, or change and commit environments/\(name).json")
    }

    /// - Throws: `.invalidDefinition` when somebody else may change where its logs and backups lie.
    func refuseStrangers(of name: String) throws(DeployError) {
        guard let environment = try? used.load(name) else { return }
        let layout = workspace.site(environment).layout
        for path in [layout.root, layout.logs, layout.backups] {
            try workspace.ports.files.refuseStranger(on: path)
        }
    }
}
