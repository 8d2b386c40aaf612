import FoundationEssentials

/// Copies the data aside, under a name that does not count yet.
struct BackUp: StepWork {
    static let id = "back-up"
    var backup: Timestamp
    /// nil where the application has no database.
    var source: DatabaseLocation?
    /// Shared folders that are part of the data; nil for none.
    var folders: [String]?
    /// The release that is current now.
    var release: Timestamp?
    /// How the next step proves it; nil in plans of older versions.
    var verification: Environment.BackupRules.Verification?

    init(
        backup: Timestamp, source: DatabaseLocation?, folders: [String] = [], release: Timestamp?,
        verification: Environment.BackupRules.Verification? = nil
    ) {
        self.backup = backup
        self.source = source
        self.folders = folders.isEmpty ? nil : folders
        self.release = release
        self.verification = verification
    }

    var title: String {
        let parts = (source == nil ? [] : ["the database"]) + (folders ?? [])
        return "Back up \(parts.listed)"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        BackupWriter.programs(
            taking: source, folders ?? [], isRestoredNext: verification == .restore, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        do throws(DeployError) {
            let writer = BackupWriter(context: context)
            if try context.ports.state.backup(backup) != nil { return "taken before" }
            let manifest = try writer.write(
                backup,
                of: .init(
                    database: source, folders: context.liveFolders(folders ?? []),
                    isRestoredNext: verification == .restore),
                release: release)
            return "\(manifest.contents), \(manifest.bytes) bytes"
        } catch {
            throw error.code == .stepFailed || error.code == .unexpected
                ? error.recast(as: .backupFailed) : error
        }
    }

    func undo(in context: StepContext) throws(DeployError) {
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
