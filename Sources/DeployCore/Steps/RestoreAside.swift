/// Restores a backup to scratch places for a rehearsal and compares it with its manifest.
struct RestoreAside: StepWork {
    static let id = "restore-aside"
    private let restore: RestoreBackup

    init(backup: Backup, copy: DatabaseLocation?) {
        restore = RestoreBackup(backup: backup.timestamp, digest: backup.sha256, generation: copy)
    }

    var title: String { "Restore backup \(restore.backup) to a scratch place" }

    /// Whatever goes wrong here, it is the backup that does not restore.
    func programs(in layout: Layout) -> [ProgramCall] {
        restore.programs(in: layout)
            + BackupReader.programs(restoring: nil, layout.environment.backup.folders, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        do throws(DeployError) {
            let note = try restore.perform(in: context)
            try restoreFolders(in: context)
            return note
        } catch {
            throw error.code == .stepFailed || error.code == .unexpected
                ? error.recast(as: .backupFailed) : error
        }
    }

    func undo(in context: StepContext) throws(DeployError) {
        try restore.undo(in: context)
        try context.ports.files.remove(context.layout.scratch)
    }

    /// Only to be compared: the release finds the live ones under their names.
    private func restoreFolders(in context: StepContext) throws(DeployError) {
        let (reader, folder) = (context.backupReader, context.layout.backup(restore.backup))
        for part in try reader.manifest(in: folder, recorded: restore.digest).folders {
            let place = context.layout.scratchFolder(part.name, context.plan.timestamp)
            try context.ports.files.remove(place)
            try reader.restore(part, in: folder, to: place)
            try context.ports.files.remove(place)
        }
    }
}
