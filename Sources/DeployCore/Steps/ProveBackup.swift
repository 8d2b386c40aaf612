import FoundationEssentials

/// Restores the new backup into a scratch database, compares, and only then lets it count.
struct ProveBackup: StepWork {
    static let id = "prove-backup"
    var backup: Timestamp
    var verification: Environment.BackupRules.Verification
    /// Whether the rehearsal goes on with the restored database; nil in plans of older versions.
    var isRehearsedNext: Bool?

    var title: String {
        verification == .restore ? "Prove the backup by restoring it" : "Compare the backup's checksum"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        guard verification == .restore else { return [] }
        return BackupEncryptor.programsOpening(by: layout.environment.backup.encryption, in: layout)
            + BackupReader.programs(
                restoring: layout.database(.proof(backup)), layout.environment.backup.folders, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        if try context.ports.state.backup(backup) != nil { return "proved before" }
        let writer = BackupWriter(context: context)
        do throws(DeployError) {
            let kept = kept(in: context.layout)
            let record = try writer.proveAndPublish(backup, verification: verification, keeping: kept)
            if let kept { context.run.add(compared: kept) }
            guard let seconds = record.restoreSeconds else { return "checksum equal" }
            let manifest = try context.backupReader.manifest(
                in: context.layout.backup(backup), recorded: record.sha256)
            let nothing = manifest.hasNoTable ? "; without a table, it proves nothing" : ""
            return "everything equal, restored in \(seconds.rounded(toPlaces: 2)) s\(nothing)"
        } catch {
            let code: ExitCode =
                error.code == .stepFailed || error.code == .unexpected ? .backupFailed : error.code
            throw error.recast(as: code, next: repair(after: error, context))
        }
    }

    private func kept(in layout: Layout) -> DatabaseLocation? {
        isRehearsedNext == true && verification == .restore ? layout.database(.rehearsal(backup)) : nil
    }

    /// A database that keeps its backups from coming back is repaired by a migration.
    private func repair(after error: DeployError, _ context: StepContext) -> String? {
        guard context.plan.kind == .promote, error.code == .backupFailed || error.code == .stepFailed,
            context.environment.migrations != nil, ProofObstacle(error) == nil
        else { return nil }
        return "\(error.next); where the next release repairs the database: "
            + "deployctl \(context.environment.name) --unproved-backup --reason TEXT"
    }

    /// A backup that counts stays; one that was named but not recorded would be known to nobody.
    func undo(in context: StepContext) throws(DeployError) {
        try context.backupReader.removePlain(of: backup)
        if verification == .restore,
            let scratch = kept(in: context.layout) ?? context.layout.database(.proof(backup))
        {
            // A server that is gone must not keep the rest from being taken back; the next prune removes it then.
            try? context.database.remove(scratch)
        }
        try context.ports.files.remove(context.layout.scratch)
        guard try context.ports.state.backup(backup) == nil else { return }
        try context.ports.files.remove(context.layout.backup(backup))
    }
}

extension Double {
    func rounded(toPlaces places: Int) -> Double {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        return (self * scale).rounded() / scale
    }
}
