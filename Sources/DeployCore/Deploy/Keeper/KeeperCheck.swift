/// Checks that what is deployed is started again when it ends, also after the machine does.
public struct KeeperCheck: Sendable {
    let workspace: Workspace
    let boot: Boot

    public init(_ workspace: Workspace, boot: Boot) { (self.workspace, self.boot) = (workspace, boot) }

    /// nil where nothing serves.
    ///
    /// - Throws: what keeps the state from being read.
    public func finding(_ environments: [Environment]) throws(DeployError) -> Finding? {
        guard environments.contains(where: { workspace.site($0).records.currentID != nil }) else {
            return nil
        }
        return Finding(id: "keeper", verdict: try verdict())
    }

    private func verdict() throws(DeployError) -> Verdict {
        let state = try boot.state()
        guard let keeper = state.keeper else {
            return .warned(
                "nobody starts a service again that ends, or any of them when the machine restarts",
                next: "deployctl boot install")
        }
        let kept = "services are kept running by \(keeper)"
        if let note = state.notes.first { return .warned("\(kept); \(note)", next: "deployctl boot status") }
        return state.startsAtBoot
            ? .passed(kept)
            : .warned("\(kept); nothing starts it with the machine", next: "deployctl boot install")
    }
}
