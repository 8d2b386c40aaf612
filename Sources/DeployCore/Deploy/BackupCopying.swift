/// Copies a backup off the machine again.
public struct BackupCopying: Sendable {
    let deployer: Deployer
    let backup: Timestamp?
    let name: String

    /// What it would do; changes nothing.
    public func preview() throws(DeployError) -> Proposal { try change.preview() }

    public func carryOut() throws(DeployError) -> RunResult { try change.carryOut() }

    private var change: ChangeLifeCycle {
        ChangeLifeCycle(
            deployer: deployer, name: name, by: .deployed, purpose: "deployctl backup copy",
            wish: [backup?.description].compactMap(\.self), propose: proposal)
    }

    func proposal(_ environment: Environment) throws(DeployError) -> Proposal {
        guard !environment.backup.copies.isEmpty else {
            throw DeployError(
                .invalidDefinition, what: "Backups of \(name) cannot be copied",
                why: "its definition does not say how",
                next: "add \"backup\": {\"copy\": [[\"rclone\", \"copy\", \"{backup}\", …]]}")
        }
        let known = try deployer.ports.state.backups(of: name)
        let next = known.first { $0.copied == .no && $0.verified != .no }?.timestamp
        let goal = (backup ?? next).map(PlanDraft.Goal.copy)
        return Proposal(
            draft: PlanDraft(
                kind: .copy, facts: try deployer.collector.collect(environment), goal: goal ?? .nothing),
            upToDate: goal == nil ? "every backup of \(name) is copied" : nil)
    }
}
