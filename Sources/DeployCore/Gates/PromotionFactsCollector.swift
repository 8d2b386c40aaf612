import FoundationEssentials

/// Gathers what the gates judge by; whatever cannot be read stays nil.
public struct PromotionFactsCollector: Sendable {
    let ports: Ports
    let project: String
    let definitions: DefinitionLoader

    public init(ports: Ports, project: String, definitions: DefinitionLoader) {
        self.ports = ports
        self.project = project
        self.definitions = definitions
    }

    /// What somebody who looked just now has seen already.
    public struct Seen: Sendable {
        public var sourceComplaints: [String]
        public var uncommitted: Int?

        public init(sourceComplaints: [String], uncommitted: Int?) {
            self.sourceComplaints = sourceComplaints
            self.uncommitted = uncommitted
        }
    }

    /// Facts about the release asked for, or about the one current at the source when `requested` is nil.
    public func collect(
        source: EnvironmentFacts, target: EnvironmentFacts, requested: Release?, seen: Seen? = nil
    ) throws(DeployError) -> PromotionFacts {
        var facts = PromotionFacts(source: source.environment.name, target: target.environment.name)
        facts.staged = source.release
        facts.release = requested ?? source.release
        facts.sourceComplaints =
            seen?.sourceComplaints ?? Observer(ports: ports, project: project).complaints(source)
        facts.allowedBranches = target.environment.branches
        let tree = SourceFacts(ports: ports, project: project, environment: target.environment)
        facts.uncommitted = seen == nil ? try? tree.uncommitted() : seen?.uncommitted
        facts.collisions = try Isolation.findings(definitions.loadAll()).filter { !$0.onPurpose }.map(\.what)
        readRelease(source, target, into: &facts)
        readBackupNeeds(target, into: &facts)
        return facts
    }

    private func readRelease(
        _ source: EnvironmentFacts, _ target: EnvironmentFacts, into facts: inout PromotionFacts
    ) {
        guard let release = facts.release else { return }
        let layout = Layout(project: project, environment: source.environment)
        do throws(DeployError) {
            try ReleaseSeal(files: ports.files, layout: layout).verify(
                release.timestamp, digest: release.digest)
        } catch {
            facts.sealComplaint = error.why
        }
        switch target.environment.migrations {
        case .directory(let directory):
            let folder = "\(layout.release(release.timestamp))/\(directory)"
            facts.releaseMigrations = try? MigrationFolder(files: ports.files).read(folder)
            facts.recordedMigrations = recorded(target.database)
        case .command, nil:
            (facts.releaseMigrations, facts.recordedMigrations) = ([], [])
        }
    }

    private func recorded(_ database: DatabaseLocation?) -> [AppliedMigration]? {
        guard let database, ports.database.exists(database) else { return [] }
        return try? ports.database.appliedMigrations(database)
    }

    private func readBackupNeeds(_ target: EnvironmentFacts, into facts: inout PromotionFacts) {
        let layout = Layout(project: project, environment: target.environment)
        facts.needsBackup = target.environment.backup.beforeDeploy && target.database != nil
        facts.databaseBytes = target.database.map { ports.database.size($0) } ?? 0
        facts.freeBytes = ports.files.freeBytes(at: layout.backups)
    }
}
