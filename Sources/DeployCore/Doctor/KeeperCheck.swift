/// Checks that what is deployed is started again when it ends.
struct KeeperCheck {
    let workspace: Workspace

    /// nil where nothing serves.
    func finding(_ environments: [Environment]) -> Finding? {
        guard environments.contains(where: { workspace.site($0).records.currentID != nil }) else {
            return nil
        }
        let presence = KeeperPresence(files: workspace.ports.files, project: workspace.project)
        return Finding(
            id: "keeper",
            verdict: presence.holder.map { .passed("services are kept running by \($0)") }
                ?? .warned(
                    "nobody starts a service again that ends, or any of them when the machine restarts",
                    next: "deployctl boot install"))
    }
}
