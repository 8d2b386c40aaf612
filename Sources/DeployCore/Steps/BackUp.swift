import FoundationEssentials

/// Copies the data aside, under a name that does not count yet.
public struct BackUp: StepWork {
    public static let id = "back-up"
    public var backup: Timestamp
    /// nil where the application has no database.
    public var source: DatabaseLocation?
    /// Shared folders that are part of the data; nil for none.
    public var folders: [String]?
    /// The release that is current now.
    public var release: Timestamp?

    public init(
        backup: Timestamp, source: DatabaseLocation?, folders: [String] = [], release: Timestamp?
    ) {
        self.backup = backup
        self.source = source
        self.folders = folders.isEmpty ? nil : folders
        self.release = release
    }

    public var title: String {
        let parts = (source == nil ? [] : ["the database"]) + (folders ?? [])
        return "Back up \(parts.listed)"
    }

    public func programs(in layout: Layout) -> [ProgramCall] {
        BackupWriter.programs(taking: source, folders ?? [], in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        do throws(DeployError) {
            let writer = BackupWriter(context: context)
            if try context.ports.state.backup(backup) != nil { return "taken before" }
            let manifest = try writer.write(
                backup, of: .init(database: source, folders: context.liveFolders(folders ?? [])),
                release: release)
            return "\(manifest.contents), \(manifest.bytes) bytes"
        } catch {
            try context.checkInterruption()
            throw error.code == .stepFailed || error.code == .unexpected
                ? error.recast(as: .backupFailed) : error
        }
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try BackupWriter(context: context).forget(backup)
    }
}

extension DatabaseSummary {
    public var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}

extension [String] {
    /// As a sentence names several things.
    var listed: String {
        count < 2 ? joined() : "\(dropLast().joined(separator: ", ")) and \(self[count - 1])"
    }
}
