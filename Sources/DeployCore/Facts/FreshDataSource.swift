/// Finds the backup a fresh database is filled from, where the definition asks for one.
struct FreshDataSource {
    let workspace: Workspace
    let definitions: DeployedDefinitions

    /// The facts with that backup.
    ///
    /// - Throws: `.notFound` when that environment has no proved backup.
    func added(to facts: EnvironmentFacts) throws(DeployError) -> EnvironmentFacts {
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
        let site = workspace.site(source)
        guard let backup = try newestBackup(ofDatabaseAt: site) else {
            throw DeployError(
                .notFound,
                what: "There is no backup of \(source.name) to fill \(facts.environment.name) from",
                why: "\"database.fresh\" asks for its newest proved backup; nothing was changed",
                next: "deployctl backup create \(source.name)")
        }
        var facts = facts
        facts.source = BackupSource(
            environment: source.name, backup: backup.timestamp,
            folder: site.layout.backup(backup.timestamp), digest: backup.sha256,
            encryption: source.backup.encryption)
        return facts
    }

    /// Backups of folders alone are passed over.
    private func newestBackup(ofDatabaseAt site: Site) throws(DeployError) -> Backup? {
        for backup in try site.ports.state.backups(of: site.environment.name) where backup.verified != .no {
            let manifest = try BackupReader(site).manifest(
                in: site.layout.backup(backup.timestamp), recorded: backup.sha256)
            if manifest.database != nil { return backup }
        }
        return nil
    }
}
