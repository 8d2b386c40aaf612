/// Keeps what was written between the safety backup and the swap: undo brings back exactly that state.
public struct KeepRetiredData: StepWork {
    public static let id = "keep-retired-data"
    public var retired: DatabaseLocation
    public var release: Timestamp
    /// The safety backup taken before.
    public var safety: Timestamp?
    /// The name a further backup gets when the two differ.
    public var backup: Timestamp

    public init(retired: DatabaseLocation, release: Timestamp, safety: Timestamp?, backup: Timestamp) {
        self.retired = retired
        self.release = release
        self.safety = safety
        self.backup = backup
    }

    public var title: String { "Keep the replaced data" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let writer = BackupWriter(context: context)
        if try context.ports.state.backup(backup) != nil { return undoLine(backup, context) }
        guard try context.database.exists(retired) else { return "kept before" }
        var kept = backup
        if let safety, try unchanged(since: safety, context) {
            kept = safety
        } else {
            _ = try writer.write(backup, of: retired, release: release)
            _ = try writer.proveAndPublish(backup, verification: .restore)
        }
        try context.database.remove(retired)
        return undoLine(kept, context)
    }

    public var failure: FailurePolicy { .warn }

    private func unchanged(since safety: Timestamp, _ context: StepContext) throws(DeployError) -> Bool {
        let reader = context.backupReader
        let (manifest, _) = try reader.manifest(in: context.layout.backup(safety))
        return try context.database.summarise(retired).differences(from: manifest.summary).isEmpty
    }

    private func undoLine(_ timestamp: Timestamp, _ context: StepContext) -> String {
        "to undo: deployctl rollback \(timestamp) --environment \(context.environment.name)"
    }
}
