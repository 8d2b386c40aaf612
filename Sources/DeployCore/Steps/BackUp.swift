import FoundationEssentials

/// Copies the database aside, under a name that does not count yet.
public struct BackUp: StepWork {
    public static let id = "back-up"
    public var backup: Timestamp
    public var source: DatabaseLocation
    /// The release that is current now.
    public var release: Timestamp?

    public init(backup: Timestamp, source: DatabaseLocation, release: Timestamp?) {
        self.backup = backup
        self.source = source
        self.release = release
    }

    public var title: String { "Back up the database" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        do throws(DeployError) {
            let writer = BackupWriter(context: context)
            if try context.ports.state.backup(backup) != nil { return "taken before" }
            let manifest = try writer.write(backup, of: source, release: release)
            return
                "\(manifest.summary.tables.count) tables, \(manifest.summary.rows) rows, \(manifest.payload.digest.bytes) bytes"
        } catch {
            try context.checkInterruption()
            throw error.code == .stepFailed || error.code == .unexpected
                ? error.recast(as: .backupFailed) : error
        }
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(BackupWriter(context: context).partial(backup))
    }
}

extension DatabaseSummary {
    public var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}
