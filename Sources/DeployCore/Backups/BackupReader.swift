import FoundationEssentials

/// Reads a backup back: checksums always, and on demand a restore into a scratch place.
public struct BackupReader: Sendable {
    let files: any FileStore
    let database: any DatabasePlacing & DatabaseCopying
    let commands: any CommandRunner
    let clock: any WallClock
    let layout: Layout
    /// Whose scratch folder is used, because its lock is held.
    let workplace: Layout

    public init(_ site: Site) { self.init(site, restoringInto: site.layout) }

    /// Reads backups of the site's environment and restores them where `target` has its database.
    public init(_ site: Site, restoringInto target: Layout) {
        files = site.ports.files
        database = site.ports.databases.engine(for: target)
        commands = site.ports.commands
        clock = site.ports.clock
        layout = site.layout
        workplace = target
    }

    /// What restoring a database and folders starts, once the payloads are open.
    static func programs(restoring database: DatabaseLocation?, _ folders: [String], in layout: Layout)
        -> [ProgramCall]
    {
        (database == nil ? [] : DatabasePrograms(layout: layout).calls(.restoring))
            + (folders.isEmpty ? [] : FolderArchive.programsUnpacking)
    }

    public struct Proof: Sendable {
        public var manifest: BackupManifest
        /// How long the restore took; nil when only checksums were compared.
        public var seconds: Double?
    }

    /// `digest` is that of the manifest, as it was recorded when the backup was taken.
    ///
    /// `kept`: where the database is restored to and stays; nil where it is removed once it was compared.
    ///
    /// - Throws: `.backupFailed` naming what is missing, cut, flipped or different.
    public func prove(
        in folder: String, recorded digest: String, verification: Environment.BackupRules.Verification,
        keeping kept: DatabaseLocation? = nil
    ) throws(DeployError) -> Proof {
        let manifest = try manifest(in: folder, recorded: digest)
        guard verification == .restore else {
            for payload in manifest.payloads { try compare(payload, in: folder) }
            return Proof(manifest: manifest, seconds: nil)
        }
        let began = clock.now()
        let scratch = kept ?? layout.database(.proof(manifest.timestamp))
        guard scratch != nil || manifest.database == nil else {
            throw DeployError(
                .backupFailed, what: "Backup \(Path.name(folder)) cannot be proved",
                why: "environment \(layout.environment.name) has no database any more",
                next: "deployctl backup list \(layout.environment.name)")
        }
        if let scratch { try restore(manifest, in: folder, to: scratch) }
        for part in manifest.folders {
            let place = layout.scratchFolder(part.name, manifest.timestamp)
            try restore(part, in: folder, to: place)
            try files.remove(place)
        }
        let seconds = clock.now().timeIntervalSince(began)
        if kept == nil, let scratch, manifest.database != nil { try database.remove(scratch) }
        return Proof(manifest: manifest, seconds: seconds)
    }

    /// Removes what a failed proof left; what cannot be removed now is removed by the next prune.
    public func clear(after backup: Timestamp) {
        if let scratch = layout.database(.proof(backup)) { try? database.remove(scratch) }
        try? removePlain(of: backup)
        for folder in layout.environment.backup.folders {
            try? files.remove(layout.scratchFolder(folder, backup))
        }
    }

    private func compare(_ payload: BackupManifest.Payload, in folder: String) throws(DeployError) {
        try demandThere(payload, in: folder)
        try demand(payload, is: try files.digest(of: "\(folder)/\(payload.file)"), in: folder)
    }

    func demandThere(_ payload: BackupManifest.Payload, in folder: String) throws(DeployError) {
        let path = "\(folder)/\(payload.file)"
        guard files.kind(of: path) == .file else { throw damaged(folder, "\(path) is missing") }
        try demandSize(of: payload, in: folder)
    }

    /// Before a byte of it is read: one that grew may have no end.
    func demandSize(of payload: BackupManifest.Payload, in folder: String) throws(DeployError) {
        let size = files.size(of: "\(folder)/\(payload.file)")
        guard let size, size != payload.digest.bytes else { return }
        throw damaged(folder, "\(payload.file) has \(size) bytes; taken were \(payload.digest.bytes)")
    }

    func demand(
        _ payload: BackupManifest.Payload, is found: FileDigest, in folder: String
    ) throws(DeployError) {
        guard found != payload.digest else { return }
        throw damaged(
            folder,
            "\(payload.file) has \(found.bytes) bytes, SHA-256 \(found.sha256.prefix(16)); "
                + "taken were \(payload.digest.bytes), \(payload.digest.sha256.prefix(16))")
    }

    /// Builds a database from the backup and compares it with the manifest; removes it when they differ.
    public func restore(
        _ manifest: BackupManifest, in folder: String, to location: DatabaseLocation
    ) throws(DeployError) {
        guard let part = manifest.database else { return }
        try database.remove(location)
        let restored = try summary(restoring: part, in: folder, to: location)
        let differences = restored.differences(from: part.summary)
        guard differences.isEmpty else {
            try database.remove(location)
            throw damaged(
                folder, "restored, it is not what was taken: \(differences.joined(separator: "; "))")
        }
    }

    private func summary(
        restoring part: BackupManifest.Database, in folder: String, to location: DatabaseLocation
    ) throws(DeployError) -> DatabaseSummary {
        let payload = part.payload
        guard payload.recipients == nil, database.checksWhatItReads else {
            return try withPlain(payload, in: folder) { plain throws(DeployError) in
                try database.restoreAndSummarise(plain, to: location, atMost: part.unpacked, being: nil)
            }
        }
        try demandThere(payload, in: folder)
        do throws(DeployError) {
            return try database.restoreAndSummarise(
                "\(folder)/\(payload.file)", to: location, atMost: part.unpacked, being: payload.digest)
        } catch {
            // Where the file is another one that is the reason.
            try compare(payload, in: folder)
            throw error
        }
    }

    /// Makes the new folder `place`, not yet durable, and compares it with the listing; removes it when they differ.
    public func restore(
        _ part: BackupManifest.Folder, in folder: String, to place: String
    ) throws(DeployError) {
        do throws(DeployError) {
            let archive = FolderArchive(files: files, commands: commands)
            let listed = try listing(of: part, in: folder)
            try withPlain(part.archive, in: folder) { plain throws(DeployError) in
                try archive.unpack(plain, holding: listed, to: place)
            }
            let found = try files.content(of: place, hashing: true)
            let changes = found.changes(since: listed)
            let wrong = (changes.added + changes.changed + changes.removed).sorted()
            guard let first = wrong.first else { return }
            throw damaged(
                folder,
                "restored, \(part.name) is not what was taken: \(first)"
                    + (wrong.count > 1 ? " and \(wrong.count - 1) more differ" : " differs"))
        } catch {
            try files.remove(place)
            throw error
        }
    }

    /// What was in a folder when the backup was taken.
    public func listing(
        of part: BackupManifest.Folder, in folder: String
    ) throws(DeployError) -> FolderContent {
        guard let text = try text(of: part.listing, in: folder), let content = FolderContent(lines: text)
        else {
            throw damaged(folder, "\(part.listing.file) cannot be read")
        }
        return content
    }

    /// The manifest in a backup folder, of which nothing is read before its digest was found to be the recorded one.
    public func manifest(
        in folder: String, recorded digest: String
    ) throws(DeployError) -> BackupManifest {
        let path = "\(folder)/\(BackupManifest.fileName)"
        guard let data = try read(path, atMost: Self.manifestLimit) else {
            throw damaged(folder, "\(path) is missing")
        }
        let found = SHA256.hexadecimal(of: data)
        guard found == digest else {
            throw DeployError(
                .backupFailed, what: "Backup \(Path.name(folder)) is not the one that was proved",
                why: "its manifest differs from the recorded one: it has SHA-256 \(found.prefix(16)), "
                    + "recorded is \(digest.prefix(16))",
                next: "deployctl backup list \(layout.environment.name)", isDamage: true)
        }
        let manifest: BackupManifest
        do { manifest = try JSONDecoder().decode(BackupManifest.self, from: data) } catch {
            throw damaged(folder, "\(path) cannot be read: \(error)")
        }
        if let name = manifest.misnamed { throw damaged(folder, "it names a file \(name)") }
        return manifest
    }

    /// Far more than the names of all tables take.
    private static let manifestLimit: Int64 = 64 << 20

    /// One byte more where there is more, so that it shows.
    func read(_ path: String, atMost limit: Int64) throws(DeployError) -> Data? {
        guard files.kind(of: path) == .file, let size = files.size(of: path) else { return nil }
        return try files.read(path, from: 0, limit: Int(min(size, limit) + 1))
    }

    func damaged(_ folder: String, _ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "Backup \(Path.name(folder)) cannot be used", why: why,
            next: "deployctl backup list \(layout.environment.name)", isDamage: true)
    }
}
