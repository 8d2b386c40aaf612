/// Whether backups can be proved once the rehearsed migrations are live: one of the migrated copy is taken and restored.
///
/// Rows of tables that the migrations left alone came back in the proof already.
struct RehearsedBackup {
    let context: StepContext
    let backup: Timestamp

    static func programs(_ backup: Timestamp, in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.taking)
            + BackupReader.programs(restoring: layout.database(.proof(backup)), [], in: layout)
    }

    private var folder: String { "\(context.layout.scratch)/\(backup)-rehearsed" }

    /// Looks at the rehearsed copy, which may lose rows by it.
    ///
    /// `untouched`: tables that are in it as they came back.
    ///
    /// `live`: what is told of beside a failure; nil where it cannot have changed.
    /// - Throws: `.stepFailed` with what the database says when it does not come back.
    func prove(sparing untouched: [String], _ live: LiveDatabase?) throws(DeployError) {
        guard let migrated = context.layout.database(.rehearsal(backup)),
            let proof = context.layout.database(.proof(backup))
        else { return }
        try remove()
        do throws(DeployError) {
            try context.ports.files.makeFolder(folder)
            try context.database.lighten(migrated, by: untouched)
            let payload = "\(folder)/\(context.database.payloadName)"
            let (_, differences) = try context.database.differences(copying: migrated, to: proof, by: payload)
            if !differences.isEmpty {
                throw DeployError(
                    .stepFailed, what: "It comes back as something else",
                    why: differences.joined(separator: "; "), next: "fix the migration")
            }
        } catch {
            throw DeployError(
                .stepFailed, what: "After these migrations no backup could be proved",
                why: "\(error.why)\nonly the restored backup met them; \(live.standing)",
                next: "fix the migration, commit, and run it again")
        }
        try remove()
    }

    func remove() throws(DeployError) {
        try context.ports.files.remove(folder)
        guard let proof = context.layout.database(.proof(backup)) else { return }
        try context.database.remove(proof)
    }
}
