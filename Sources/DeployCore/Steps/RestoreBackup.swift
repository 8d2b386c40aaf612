/// Builds database and folders from a backup beside the live ones and compares them with the manifest.
struct RestoreBackup: StepWork {
    static let id = "restore-backup"
    var backup: Timestamp
    /// Digest of the backup's manifest, as recorded when it was proved.
    var digest: String
    /// nil where the application has no database.
    var generation: DatabaseLocation?
    /// Shared folders that are part of the data, and the deployment that replaces them.
    var folders: Folders?

    struct Folders: Hashable, Codable, Sendable {
        var names: [String]
        var deployment: Timestamp
    }

    var title: String { "Restore backup \(backup) beside the live data" }

    func programs(in layout: Layout) -> [ProgramCall] {
        BackupEncryptor.programsOpeningEarlier(by: layout.environment.backup.encryption, in: layout)
            + BackupReader.programs(restoring: generation, folders?.names ?? [], in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let reader = context.backupReader
        let folder = context.layout.backup(backup)
        let manifest = try reader.manifest(in: folder, recorded: digest)
        for place in places(in: context) { try place.refuseMount() }
        if let generation { try reader.restore(manifest, in: folder, to: generation) }
        for place in places(in: context) {
            guard let part = manifest.folders.first(where: { $0.name == place.name }) else { continue }
            guard try !place.isSwapped() else { continue }
            try place.forget()
            try reader.restore(part, in: folder, to: place.beside)
            try context.ports.files.makeDurable(place.beside)
            try place.markRestored()
        }
        return "\(manifest.contents), equal to the manifest"
    }

    private func places(in context: StepContext) -> [SharedFolder] {
        folders.map { context.sharedFolders($0.names, by: $0.deployment) } ?? []
    }

    /// What was written to the restored data while it served is never thrown away.
    func undo(in context: StepContext) throws(DeployError) {
        try context.backupReader.removePlain(of: backup)
        let mayHaveServed = try context.cutOverBegan()
        if let generation {
            let isKept = mayHaveServed ? try writtenTo(generation, context) : false
            if !isKept { try context.database.remove(generation) }
        }
        for place in places(in: context) {
            let isKept = mayHaveServed ? try writtenTo(place, context) : false
            if !isKept { try place.forget() }
        }
    }

    func trace(in context: StepContext) -> String? {
        guard (try? context.cutOverBegan()) != false else { return nil }
        var kept: [String] = []
        if let generation, (try? context.database.exists(generation)) != false {
            kept.append(generation.name)
        }
        kept += places(in: context).filter(\.isWaiting).map(\.beside)
        return kept.isEmpty
            ? nil : "what was written after the cutover is kept in \(kept.joined(separator: ", "))"
    }

    private func writtenTo(
        _ generation: DatabaseLocation, _ context: StepContext
    ) throws(DeployError) -> Bool {
        guard try context.database.exists(generation) else { return false }
        let reader = context.backupReader
        let manifest = try reader.manifest(in: context.layout.backup(backup), recorded: digest)
        guard let summary = manifest.database?.summary else { return false }
        return try !context.database.summarise(generation).differences(from: summary).isEmpty
    }

    private func writtenTo(_ place: SharedFolder, _ context: StepContext) throws(DeployError) -> Bool {
        guard place.isWaiting else { return false }
        let (reader, folder) = (context.backupReader, context.layout.backup(backup))
        let manifest = try reader.manifest(in: folder, recorded: digest)
        guard let part = manifest.folders.first(where: { $0.name == place.name }) else { return false }
        let now = try context.ports.files.content(of: place.beside, hashing: true)
        return try !now.changes(since: reader.listing(of: part, in: folder)).isEmpty
    }
}
