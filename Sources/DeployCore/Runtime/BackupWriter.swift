import FoundationEssentials

/// Takes, proves and publishes backups; a folder under its final name is always complete and proved.
struct BackupWriter {
    let context: StepContext

    private var files: any FileStore { context.ports.files }
    private var database: any ApplicationDatabase { context.database }

    func partial(_ backup: Timestamp) -> String { "\(context.layout.backup(backup)).partial" }

    func write(
        _ backup: Timestamp, of source: DatabaseLocation, release: Timestamp?
    ) throws(DeployError) -> BackupManifest {
        let folder = partial(backup)
        try files.remove(folder)
        try files.makeFolder(folder)
        let name = database.payloadName
        let file = "\(folder)/\(name)"
        let taken = context.ports.clock.now()
        let snapshot = try database.backUp(source, to: file)
        let manifest = BackupManifest(
            timestamp: backup, project: context.environment.project, environment: context.environment.name,
            release: release, source: source.name, takenAt: taken,
            payload: .init(file: name, digest: try files.digest(of: file)), summary: snapshot.summary,
            migrations: snapshot.migrations)
        try files.publish(JSON.data(manifest), to: "\(folder)/\(BackupManifest.fileName)")
        return manifest
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
            release: proof.manifest.release, bytes: proof.manifest.payload.digest.bytes, sha256: proof.digest,
            verified: verification == .restore ? .restored : .checksum, restoreSeconds: proof.seconds,
            createdAt: proof.manifest.takenAt,
            provedAt: verification == .restore ? context.ports.clock.now() : nil)
        try context.ports.state.record(record)
        return record
    }
}

/// Reads a backup back: checksums always, and on demand a restore into a scratch database.
public struct BackupReader: Sendable {
    let files: any FileStore
    let database: any ApplicationDatabase
    let clock: any WallClock
    let layout: Layout

    public init(ports: Ports, layout: Layout) {
        files = ports.files
        database = ports.databases.engine(for: layout)
        clock = ports.clock
        self.layout = layout
    }

    public struct Proof: Sendable {
        public var manifest: BackupManifest
        /// Digest of the manifest file.
        public var digest: String
        /// How long the restore took; nil when only checksums were compared.
        public var seconds: Double?
    }

    /// - Throws: `.backupFailed` naming what is missing, cut, flipped or different.
    public func prove(
        in folder: String, verification: Environment.BackupRules.Verification
    ) throws(DeployError) -> Proof {
        let (manifest, digest) = try manifest(in: folder)
        let payload = "\(folder)/\(manifest.payload.file)"
        guard files.kind(of: payload) != nil else { throw damaged(folder, "\(payload) is missing") }
        let found = try files.digest(of: payload)
        guard found == manifest.payload.digest else {
            throw damaged(
                folder,
                "\(manifest.payload.file) has \(found.bytes) bytes, SHA-256 \(found.sha256.prefix(16)); "
                    + "taken were \(manifest.payload.digest.bytes), \(manifest.payload.digest.sha256.prefix(16))"
            )
        }
        guard verification == .restore else { return Proof(manifest: manifest, digest: digest, seconds: nil) }
        let began = clock.now()
        guard let scratch = layout.database(.proof(manifest.timestamp)) else {
            throw DeployError(
                .backupFailed, what: "Backup \(Path.name(folder)) cannot be proved",
                why: "environment \(layout.environment.name) has no database any more",
                next: "deployctl backup list \(layout.environment.name)")
        }
        try restore(manifest, in: folder, to: scratch)
        let seconds = clock.now().timeIntervalSince(began)
        try database.remove(scratch)
        return Proof(manifest: manifest, digest: digest, seconds: seconds)
    }

    /// Builds a database from the backup and compares it with the manifest; removes it when they differ.
    public func restore(
        _ manifest: BackupManifest, in folder: String, to location: DatabaseLocation
    ) throws(DeployError) {
        try database.remove(location)
        try database.restore("\(folder)/\(manifest.payload.file)", to: location)
        let differences = try database.summarise(location).differences(from: manifest.summary)
        guard differences.isEmpty else {
            try database.remove(location)
            throw damaged(
                folder, "restored, it is not what was taken: \(differences.joined(separator: "; "))")
        }
    }

    /// The manifest in a backup folder, and its digest.
    public func manifest(in folder: String) throws(DeployError) -> (BackupManifest, digest: String) {
        let path = "\(folder)/\(BackupManifest.fileName)"
        guard let data = try files.read(path) else { throw damaged(folder, "\(path) is missing") }
        let text = String(decoding: data, as: UTF8.self)
        do {
            return (try JSONDecoder().decode(BackupManifest.self, from: data), SHA256.hexadecimal(of: text))
        } catch {
            throw damaged(folder, "\(path) cannot be read: \(error)")
        }
    }

    private func damaged(_ folder: String, _ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "Backup \(Path.name(folder)) cannot be used", why: why,
            next: "deployctl backup list \(layout.environment.name)", isDamage: true)
    }
}
