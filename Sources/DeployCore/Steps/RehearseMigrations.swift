import FoundationEssentials

/// Runs the pending migrations on a copy restored from the backup, before the live database is touched.
public struct RehearseMigrations: StepWork {
    public static let id = "rehearse-migrations"
    public var release: Timestamp
    public var backup: Timestamp

    public init(release: Timestamp, backup: Timestamp) {
        self.release = release
        self.backup = backup
    }

    public var title: String { "Rehearse the migrations on the restored backup" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let reader = context.backupReader
        let folder = context.layout.backup(backup)
        let (manifest, _) = try reader.manifest(in: folder)
        guard let scratch = context.layout.database(.rehearsal(backup)) else { return "no database" }
        try reader.restore(manifest, in: folder, to: scratch)
        let began = context.ports.clock.now()
        let applied = try Migrator(context: context, release: release).migrate(scratch)
        let seconds = context.ports.clock.now().timeIntervalSince(began).rounded(toPlaces: 2)
        try context.database.remove(scratch)
        guard let applied else { return "the project's own tool ran in \(seconds) s" }
        return applied.isEmpty ? "nothing pending" : "\(applied.count) applied in \(seconds) s"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        guard let scratch = context.layout.database(.rehearsal(backup)) else { return }
        try context.database.remove(scratch)
    }
}
