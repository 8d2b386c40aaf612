import FoundationEssentials

/// Takes, proves and publishes backups; a folder under its final name is always complete and proved.
struct BackupWriter {
    let context: StepContext

    private var files: any FileStore { context.ports.files }
    private var database: any ApplicationDatabase { context.database }

    /// What a backup is made of.
    struct Source {
        var database: DatabaseLocation?
        /// Shared folders by name, and where each lies.
        var folders: [(name: String, path: String)] = []
    }

    func partial(_ backup: Timestamp) -> String { "\(context.layout.backup(backup)).partial" }

    /// The database first: files that its rows speak of are there already.
    func write(
        _ backup: Timestamp, of source: Source, release: Timestamp?
    ) throws(DeployError) -> BackupManifest {
        try context.backupSeal?.refuseUnready()
        let folder = partial(backup)
        try files.remove(folder)
        try files.makeFolder(folder)
        do throws(DeployError) {
            return try write(backup, of: source, release: release, in: folder)
        } catch {
            // Nothing that was to be encrypted stays in the open.
            try? files.remove(folder)
            throw error
        }
    }

    private func write(
        _ backup: Timestamp, of source: Source, release: Timestamp?, in folder: String
    ) throws(DeployError) -> BackupManifest {
        var manifest = BackupManifest(
            timestamp: backup, project: context.environment.project, environment: context.environment.name,
            release: release, takenAt: context.ports.clock.now(), database: nil)
        if let location = source.database { manifest.database = try write(location, in: folder) }
        for (name, path) in source.folders {
            manifest.folders.append(try write(name, at: path, in: folder))
        }
        try files.publish(JSON.data(manifest), to: "\(folder)/\(BackupManifest.fileName)")
        return manifest
    }

    private func write(
        _ location: DatabaseLocation, in folder: String
    ) throws(DeployError) -> BackupManifest.Database {
        let name = database.payloadName
        let snapshot = try database.backUp(location, to: "\(folder)/\(name)")
        return BackupManifest.Database(
            source: location.name, payload: try payload(name, in: folder), summary: snapshot.summary,
            migrations: snapshot.migrations, versions: snapshot.versions)
    }

    private func write(
        _ name: String, at path: String, in folder: String
    ) throws(DeployError) -> BackupManifest.Folder {
        let stem = FolderContent.escaped(name.utf8).split(separator: "/").joined(separator: "%2F")
        let (archive, listing) = ("\(stem).tar.zst", "\(stem).list")
        try files.makeFolder(path)
        let content = try context.folderArchive.pack(path, to: "\(folder)/\(archive)")
        try files.publish(Data(content.lines.utf8), to: "\(folder)/\(listing)")
        return BackupManifest.Folder(
            name: name, archive: try payload(archive, in: folder), listing: try payload(listing, in: folder),
            files: content.files, bytes: content.bytes)
    }

    private func payload(_ name: String, in folder: String) throws(DeployError) -> BackupManifest.Payload {
        let name = try context.backupSeal?.seal(name, in: folder) ?? name
        return BackupManifest.Payload(file: name, digest: try files.digest(of: "\(folder)/\(name)"))
    }

    func proveAndPublish(
        _ backup: Timestamp, verification: Environment.BackupRules.Verification
    ) throws(DeployError) -> Backup {
        let folder = partial(backup)
        let final = context.layout.backup(backup)
        let reader = context.backupReader
        let published = files.kind(of: final) == .folder
        let proof = try reader.prove(in: published ? final : folder, verification: verification)
        if !published { try files.rename(folder, to: final) }
        let record = Backup(
            timestamp: backup, environment: context.environment.name, deployment: context.plan.timestamp,
            release: proof.manifest.release, bytes: proof.manifest.bytes, sha256: proof.digest,
            verified: verification == .restore ? .restored : .checksum, restoreSeconds: proof.seconds,
            createdAt: proof.manifest.takenAt,
            provedAt: verification == .restore ? context.ports.clock.now() : nil)
        try context.ports.state.record(record)
        return record
    }
}

extension StepContext {
    var folderArchive: FolderArchive { FolderArchive(files: ports.files, commands: ports.commands) }
}
