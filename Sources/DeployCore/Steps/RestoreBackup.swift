/// Builds a database from a backup beside the live one and compares it with the manifest.
public struct RestoreBackup: StepWork {
    public static let id = "restore-backup"
    public var backup: Timestamp
    /// Digest of the backup's manifest, as recorded when it was proved.
    public var digest: String
    public var generation: DatabaseLocation

    public init(backup: Timestamp, digest: String, generation: DatabaseLocation) {
        self.backup = backup
        self.digest = digest
        self.generation = generation
    }

    public var title: String { "Restore backup \(backup) beside the live database" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let reader = context.backupReader
        let folder = context.layout.backup(backup)
        let proof = try reader.prove(in: folder, verification: .checksum)
        guard proof.digest == digest else {
            throw DeployError(
                .backupFailed, what: "Backup \(backup) is not the one that was proved",
                why: "its manifest has SHA-256 \(proof.digest.prefix(16)), recorded is \(digest.prefix(16))",
                next: "deployctl backup list \(context.environment.name)")
        }
        try reader.restore(proof.manifest, in: folder, to: generation)
        return
            "\(proof.manifest.summary.tables.count) tables, \(proof.manifest.summary.rows) rows, equal to the manifest"
    }

    /// What was written to the restored database while it served is never thrown away.
    public func undo(in context: StepContext) throws(DeployError) {
        if try context.cutOverBegan(), try writtenTo(context) { return }
        try context.database.remove(generation)
    }

    public func trace(in context: StepContext) -> String? {
        guard (try? context.database.exists(generation)) != false else { return nil }
        return "what was written after the cutover is kept in \(generation.name)"
    }

    private func writtenTo(_ context: StepContext) throws(DeployError) -> Bool {
        guard try context.database.exists(generation) else { return false }
        let reader = context.backupReader
        let (manifest, _) = try reader.manifest(in: context.layout.backup(backup))
        return try !context.database.summarise(generation).differences(from: manifest.summary).isEmpty
    }
}
