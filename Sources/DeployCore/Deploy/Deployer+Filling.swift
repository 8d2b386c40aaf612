extension Deployer {
    /// The facts with the backup a fresh database is filled from, where the definition asks for one.
    ///
    /// - Throws: `.notFound` when that environment has no proved backup.
    func withSource(_ facts: EnvironmentFacts) throws(DeployError) -> EnvironmentFacts {
        guard case .backup(let copy) = facts.environment.database?.filling else { return facts }
        let source = try definitions.load(copy.environment)
        let (mine, theirs) = (facts.environment.database?.engine, source.database?.engine)
        guard mine == theirs else {
            throw DeployError(
                .invalidDefinition,
                what: "\(facts.environment.name) cannot be filled from a backup of \(source.name)",
                why:
                    "its engine is \(mine?.rawValue ?? "none"), that of \(source.name) \(theirs?.rawValue ?? "none")",
                next: "use one engine for both, or another \"database.fresh\"")
        }
        let layout = workspace.site(source).layout
        guard let backup = try newestBackup(ofDatabaseIn: layout) else {
            throw DeployError(
                .notFound,
                what: "There is no backup of \(source.name) to fill \(facts.environment.name) from",
                why: "\"database.fresh\" asks for its newest proved backup; nothing was changed",
                next: "deployctl backup create \(source.name)")
        }
        var facts = facts
        facts.source = BackupSource(
            environment: source.name, backup: backup.timestamp,
            folder: layout.backup(backup.timestamp), digest: backup.sha256,
            encryption: source.backup.encryption)
        return facts
    }

    /// Backups of folders alone are passed over.
    private func newestBackup(ofDatabaseIn layout: Layout) throws(DeployError) -> Backup? {
        for backup in try ports.state.backups(of: layout.environment.name) where backup.verified != .no {
            let (manifest, _) = try backupReader(layout.environment).manifest(
                in: layout.backup(backup.timestamp))
            if manifest.database != nil { return backup }
        }
        return nil
    }
}

extension PlanDraft {
    /// What to know about where a fresh database's content comes from.
    public var fillingNotices: [String] {
        guard case .backup(let copy) = facts.environment.database?.filling, facts.source != nil,
            copy.columns.isEmpty
        else { return [] }
        let how = copy.mask.isEmpty ? "unchanged" : "and nothing proves that its mask changes it"
        return [
            "real data of \(copy.environment) goes to \(facts.environment.name), \(how): \"database.fresh.masked\" is []"
        ]
    }
}
