import FoundationEssentials

/// Takes, proves and publishes backups; a folder under its final name is always complete and proved.
struct BackupWriter {
    let context: StepContext

    private var files: any FileStore { context.ports.files }
    private var database: any DatabaseCopying { context.database }

    /// What a backup is made of.
    struct Source {
        var database: DatabaseLocation?
        /// Shared folders by name, and where each lies.
        var folders: [(name: String, path: String)] = []
        /// Whether it is proved by restoring it, so that nobody has to read it back before.
        var isRestoredNext = false
    }

    func partial(_ backup: Timestamp) -> String { "\(context.layout.backup(backup)).partial" }

    /// What `write` starts.
    ///
    /// `isRestoredNext`: as in the source.
    static func programs(
        taking database: DatabaseLocation?, _ folders: [String], isRestoredNext: Bool, in layout: Layout
    ) -> [ProgramCall] {
        let works: [DatabasePrograms.Work] = isRestoredNext ? [.taking] : [.taking, .checking]
        return (database == nil ? [] : DatabasePrograms(layout: layout).calls(works))
            + (folders.isEmpty ? [] : FolderArchive.programsPacking)
            + BackupEncryptor.programsSealing(in: layout)
    }

    /// The database first: files that its rows speak of are there already.
    func write(
        _ backup: Timestamp, of source: Source, release: Timestamp?
    ) throws(DeployError) -> BackupManifest {
        try context.backupEncryptor?.refuseUnready()
        try BackupDisk(site: context.site).check()
        let folder = partial(backup)
        try refuseTaken(backup)
        try forget(backup)
        try files.makeFolder(folder)
        try refuseForeign(folder)
        do throws(DeployError) {
            let manifest = try write(backup, of: source, release: release, in: folder)
            try files.remove(workplace(backup))
            return manifest
        } catch {
            // Nothing that was to be encrypted stays in the open.
            try? forget(backup)
            throw error
        }
    }

    /// Where everybody may make folders somebody may have been quicker.
    private func refuseForeign(_ folder: String) throws(DeployError) {
        let permissions = files.permissions(of: folder)
        guard files.kind(of: folder) == .folder, let permissions, permissions.ownedByUser,
            permissions.mode & 0o077 == 0
        else {
            throw DeployError(
                .backupFailed, what: "Backups cannot be written to \(context.layout.backups)",
                why: "\(folder) was made by somebody else",
                next: "chmod go-w \(context.layout.backups), then run the same command again")
        }
    }

    /// Names follow the clock, so whoever may write there can be there first.
    private func refuseTaken(_ backup: Timestamp) throws(DeployError) {
        let final = context.layout.backup(backup)
        if files.kind(of: final) != nil { throw taken(final) }
        let folder = partial(backup)
        if files.permissions(of: folder)?.ownedByUser == false { throw taken(folder) }
    }

    private func taken(_ path: String) -> DeployError {
        let (place, aside) = (ShellText.quoted(path), ShellText.quoted("\(path).foreign"))
        return DeployError(
            .backupFailed, what: "Backups cannot be written to \(context.layout.backups)",
            why: "\(path) is there already, and deployctl did not make it: somebody took the name beforehand",
            next: "mv \(place) \(aside), chmod go-w \(ShellText.quoted(context.layout.backups)), "
                + "then run the same command again")
    }

    /// Removes what an unfinished backup left.
    func forget(_ backup: Timestamp) throws(DeployError) {
        try files.remove(partial(backup))
        try files.remove(workplace(backup))
        try files.remove(context.layout.takenDigest(backup))
    }

    /// Where copies of folders are made, and where everything lies that is still to be encrypted.
    private func workplace(_ backup: Timestamp) -> String { "\(context.layout.scratch)/\(backup)-taken" }

    /// Where a payload is made: in the open only when it stays so.
    private func place(_ backup: Timestamp) throws(DeployError) -> String {
        guard context.backupEncryptor != nil else { return partial(backup) }
        try files.makeFolder(workplace(backup))
        return workplace(backup)
    }

    private func write(
        _ backup: Timestamp, of source: Source, release: Timestamp?, in folder: String
    ) throws(DeployError) -> BackupManifest {
        var manifest = BackupManifest(
            timestamp: backup, project: context.environment.project, environment: context.environment.name,
            release: release, takenAt: context.ports.clock.now(), database: nil)
        if let location = source.database {
            manifest.database = try write(location, for: backup, readingBack: !source.isRestoredNext)
        }
        for (name, path) in source.folders {
            manifest.folders.append(try write(name, at: path, for: backup))
        }
        let data = try JSON.data(manifest)
        try files.publish(data, to: "\(folder)/\(BackupManifest.fileName)")
        try files.makeFolder(context.layout.scratch)
        try files.publish(
            Data(SHA256.hexadecimal(of: data).utf8), to: context.layout.takenDigest(backup))
        return manifest
    }

    private func write(
        _ location: DatabaseLocation, for backup: Timestamp, readingBack: Bool
    ) throws(DeployError) -> BackupManifest.Database {
        let name = database.payloadName
        let snapshot = try database.backUp(
            location, to: "\(place(backup))/\(name)", readingBack: readingBack)
        return BackupManifest.Database(
            source: location.name, payload: try payload(name, of: backup, snapshot.payload),
            summary: snapshot.summary,
            migrations: snapshot.migrations, versions: snapshot.versions, unpacked: snapshot.unpacked)
    }

    private func write(
        _ name: String, at path: String, for backup: Timestamp
    ) throws(DeployError) -> BackupManifest.Folder {
        let stem = FolderContent.escaped(name.utf8).split(at: "/").joined(separator: "%2F")
        let (archive, listing) = ("\(stem).tar.zst", "\(stem).list")
        try files.makeFolder(path)
        let place = try place(backup)
        let content = try context.folderArchive.pack(
            path, to: "\(place)/\(archive)", copying: "\(workplace(backup))/\(stem)")
        try files.publish(Data(content.lines.utf8), to: "\(place)/\(listing)")
        return BackupManifest.Folder(
            name: name, archive: try payload(archive, of: backup), listing: try payload(listing, of: backup),
            files: content.files, bytes: content.bytes)
    }

    /// `known`: the digest of what is in the open, where somebody has it.
    private func payload(
        _ name: String, of backup: Timestamp, _ known: FileDigest? = nil
    ) throws(DeployError) -> BackupManifest.Payload {
        let folder = partial(backup)
        guard let seal = context.backupEncryptor else {
            let digest = if let known { known } else { try files.digest(of: "\(folder)/\(name)") }
            return BackupManifest.Payload(file: name, digest: digest)
        }
        let sealed = try seal.seal(name, from: workplace(backup), to: folder)
        return BackupManifest.Payload(
            file: sealed, digest: try files.digest(of: "\(folder)/\(sealed)"), recipients: seal.recipients)
    }

    /// `kept`: where the restored database stays; nil where it is removed.
    func proveAndPublish(
        _ backup: Timestamp, verification: Environment.BackupRules.Verification,
        keeping kept: DatabaseLocation? = nil
    ) throws(DeployError) -> Backup {
        let folder = partial(backup)
        let final = context.layout.backup(backup)
        let reader = context.backupReader
        let published = files.kind(of: folder) == nil
        if !published, files.kind(of: final) != nil { throw taken(final) }
        let digest = try takenDigest(backup)
        let proof = try reader.prove(
            in: published ? final : folder, recorded: digest, verification: verification, keeping: kept)
        if !published { try files.rename(folder, to: final) }
        let record = Backup(
            timestamp: backup, environment: context.environment.name, deployment: context.plan.timestamp,
            release: proof.manifest.release, bytes: proof.manifest.bytes, sha256: digest,
            verified: verification == .restore ? .restored : .checksum, restoreSeconds: proof.seconds,
            createdAt: proof.manifest.takenAt,
            provedAt: verification == .restore ? context.ports.clock.now() : nil)
        try context.ports.state.record(record)
        try BackupDisk(site: context.site).note()
        try files.remove(context.layout.takenDigest(backup))
        return record
    }

    /// Kept where nobody else writes, because until it is recorded nothing else says what was taken.
    private func takenDigest(_ backup: Timestamp) throws(DeployError) -> String {
        if let data = try files.read(context.layout.takenDigest(backup)) {
            return String(decoding: data, as: UTF8.self)
        }
        throw DeployError(
            .backupFailed, what: "Backup \(backup) cannot be proved",
            why: "the digest that was noted when it was taken is gone", next: "run it again")
    }
}

extension StepContext {
    var folderArchive: FolderArchive { FolderArchive(files: ports.files, commands: ports.commands) }
}
