extension Deployer {
    /// Copies a backup off the machine again; without one named, the newest that is not copied.
    public func copyBackup(_ named: Timestamp?, of name: String) throws(DeployError) -> Result {
        if let earlier = try earlier() { return earlier }
        let environment = try definitions.load(name)
        return try locked(name, for: "deployctl backup copy") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            guard let draft = try copyDraft(named, environment) else {
                return .upToDate("every backup of \(name) is copied")
            }
            return try carryOut(draft, approval: nil)
        }
    }

    /// What copying would do; nil when nothing has to be copied.
    public func copyDraft(_ named: Timestamp?, _ environment: Environment) throws(DeployError) -> PlanDraft? {
        guard !environment.backup.copies.isEmpty else {
            throw DeployError(
                .invalidDefinition, what: "Backups of \(environment.name) cannot be copied",
                why: "its definition does not say how",
                next: "add \"backup\": {\"copy\": [[\"rclone\", \"copy\", \"{backup}\", …]]}")
        }
        let known = try ports.state.backups(of: environment.name)
        let next = known.first { $0.copied == .no && $0.verified != .no }?.timestamp
        guard let backup = named ?? next else { return nil }
        return PlanDraft(
            kind: .copy, facts: try collector.collect(environment), goal: .copy(backup))
    }
}
