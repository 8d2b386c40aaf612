/// Restores a backup to a scratch database for a rehearsal and compares it with its manifest.
public struct RestoreAside: StepWork {
    public static let id = "restore-aside"
    private let restore: RestoreBackup

    public init(backup: Backup, copy: DatabaseLocation) {
        restore = RestoreBackup(backup: backup.timestamp, digest: backup.sha256, generation: copy)
    }

    public var title: String { "Restore backup \(restore.backup) to a scratch database" }

    /// Whatever goes wrong here, it is the backup that does not restore.
    public func perform(in context: StepContext) throws(DeployError) -> String {
        do throws(DeployError) { return try restore.perform(in: context) } catch {
            throw error.code == .stepFailed || error.code == .unexpected
                ? error.recast(as: .backupFailed) : error
        }
    }

    public func undo(in context: StepContext) throws(DeployError) { try restore.undo(in: context) }
}
