import FoundationEssentials

/// Keeps what was written between the safety backup and the swap: undo brings back exactly that state.
struct KeepRetiredData: StepWork {
    static let id = "keep-retired-data"
    /// nil where the application has no database.
    var retired: DatabaseLocation?
    /// Shared folders that were replaced, and the deployment that did it.
    var folders: RestoreBackup.Folders?
    var release: Timestamp
    /// The safety backup taken before.
    var safety: Timestamp?
    /// The name a further backup gets when the two differ.
    var backup: Timestamp
    /// Why no backup of the database can be taken, so that a damaged one stays; nil where one can.
    var unread: UnreadData?

    var title: String { "Keep the replaced data" }

    func programs(in layout: Layout) -> [ProgramCall] {
        let names = folders?.names ?? []
        let opening = BackupEncryptor.programsOpening(by: layout.environment.backup.encryption, in: layout)
        let readable = unread == nil ? retired : nil
        let another =
            BackupWriter.programs(taking: readable, names, isRestoredNext: true, in: layout) + opening
            + BackupReader.programs(restoring: readable, names, in: layout)
        let asking = readable == nil ? [] : DatabasePrograms(layout: layout).calls(.asking)
        guard let safety else { return asking + another }
        return asking + (names.isEmpty ? [] : opening)
            + another.when("anything was written since backup \(safety)")
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try InstanceStopper(context: context).endDraining()
        let files = context.ports.files
        // Written before anything is removed: what is half removed says nothing about what it was.
        let decision = "\(context.layout.root)/kept-\(backup)"
        let kept: Timestamp?
        if let decided = try files.read(decision) {
            kept = Timestamp(digits: String(decoding: decided, as: UTF8.self))
        } else {
            kept = try keep(context)
            if let kept { try files.publish(Data(kept.description.utf8), to: decision) }
        }
        if let retired, unread == nil { try context.database.remove(retired) }
        for place in places(context) { try place.forget() }
        try files.remove(decision)
        guard unread == nil else { return left(kept) }
        return kept.map {
            "to undo: \(WayBack(to: $0, in: context.environment.name, undoes: true).command)"
        } ?? "kept before"
    }

    /// What remains of data of which no whole backup could be taken.
    private func left(_ kept: Timestamp?) -> String {
        let database = retired.map { "the damaged database is kept: \($0.name)" }
        let folders = kept.map { "the replaced folders are in backup \($0)" }
        let said = [database, folders].compactMap(\.self)
        return said.isEmpty ? "nothing to keep" : said.joined(separator: "; ")
    }

    /// The backup that holds what was replaced; nil when nothing of it is there any more.
    private func keep(_ context: StepContext) throws(DeployError) -> Timestamp? {
        if try context.ports.state.backup(backup) != nil { return backup }
        let source = try what(context)
        guard source.database != nil || !source.folders.isEmpty else { return nil }
        if let safety, try unchanged(source, since: safety, context) { return safety }
        let writer = BackupWriter(context: context)
        _ = try writer.write(backup, of: source, release: release)
        _ = try writer.proveAndPublish(backup, verification: .restore)
        return backup
    }

    var failure: FailurePolicy { .warn }

    private func places(_ context: StepContext) -> [SharedFolder] {
        folders.map { context.sharedFolders($0.names, by: $0.deployment) } ?? []
    }

    private func what(_ context: StepContext) throws(DeployError) -> BackupWriter.Source {
        var source = BackupWriter.Source(isRestoredNext: true)
        if let retired, unread == nil, try context.database.exists(retired) { source.database = retired }
        source.folders = places(context).filter(\.isWaiting).map { ($0.name, $0.beside) }
        return source
    }

    private func unchanged(
        _ source: BackupWriter.Source, since safety: Timestamp, _ context: StepContext
    ) throws(DeployError) -> Bool {
        let (reader, folder) = (context.backupReader, context.layout.backup(safety))
        let manifest = try reader.manifest(in: folder, recorded: try context.recorded(safety).sha256)
        if let database = source.database {
            guard let summary = manifest.database?.summary,
                try context.database.summarise(database).differences(from: summary).isEmpty
            else { return false }
        }
        for (name, path) in source.folders {
            guard let part = manifest.folders.first(where: { $0.name == name }),
                try context.ports.files.content(of: path, hashing: true)
                    .changes(since: reader.listing(of: part, in: folder)).isEmpty
            else { return false }
        }
        return true
    }
}
