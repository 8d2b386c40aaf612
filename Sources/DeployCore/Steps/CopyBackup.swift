/// Brings a proved backup off the machine with the project's own program.
struct CopyBackup: StepWork {
    static let id = "copy-backup"
    var backup: Timestamp
    var copy: Environment.BackupRules.Copy
    /// Whether a failure takes the run back.
    var stops: Bool

    var title: String { "Copy backup \(backup) off the machine with \(copy.program)" }

    var failure: FailurePolicy { stops ? .unwind : .warn }

    func programs(in layout: Layout) -> [ProgramCall] {
        [copy.command, copy.fetch ?? []].compactMap { BackupCopier.command($0, of: backup, in: layout) }.calls
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        guard var record = try context.ports.state.backup(backup) else {
            return "nothing to copy: no such backup was needed"
        }
        let copied = try BackupCopier(context: context, record: record, copy: copy).run()
        if record.copied != .verified {
            record.copied = copied
            try context.ports.state.record(record)
        }
        return copied == .verified ? "fetched back, every file equal" : "copied, not compared"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(context.layout.copyFolder(backup))
    }
}
