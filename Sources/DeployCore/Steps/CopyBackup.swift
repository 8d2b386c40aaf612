/// Brings a proved backup off the machine with the project's own program.
public struct CopyBackup: StepWork {
    public static let id = "copy-backup"
    public var backup: Timestamp
    public var copy: Environment.BackupRules.Copy
    /// Whether a failure takes the run back.
    public var stops: Bool

    public init(backup: Timestamp, copy: Environment.BackupRules.Copy, stops: Bool) {
        self.backup = backup
        self.copy = copy
        self.stops = stops
    }

    public var title: String { "Copy backup \(backup) off the machine with \(copy.program)" }

    public var failure: FailurePolicy { stops ? .unwind : .warn }

    public func programs(in layout: Layout) -> [ProgramCall] {
        [copy.command, copy.fetch ?? []].compactMap { BackupCopier.command($0, of: backup, in: layout) }.calls
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
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

    public func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(context.layout.copyFolder(backup))
    }
}
