import FoundationEssentials

/// Makes one encrypted file of a kit's folder, and a folder of it again, of which every byte is compared.
struct KitFile {
    let ports: Ports
    let encryptor: BackupEncryptor
    /// A folder of its own for what is neither packed nor unpacked yet; absolute.
    let scratch: String

    private static let plain = "kit.tar.zst"
    private var files: any FileStore { ports.files }
    private var archive: FolderArchive { FolderArchive(files: ports.files, commands: ports.commands) }

    /// Packs the folder, which is gone then; the file is opened again and examined before it counts, and put to `path` as a
    /// whole.
    func seal(
        _ folder: String, holding manifest: KitManifest, to path: String,
        examine: (OpenedKit) throws(DeployError) -> Void
    ) throws(DeployError) -> FileDigest {
        try files.makeFolder(scratch)
        try archive.pack(folder, to: "\(scratch)/\(Self.plain)")
        try files.remove(folder)
        let sealed = "\(scratch)/\(try encryptor.seal(Self.plain, from: scratch, to: scratch))"
        let partial = "\(path).partial"
        do throws(DeployError) {
            try files.makeFolder(Path.parent(path))
            try files.remove(partial)
            let digest = try files.copy(sealed, to: partial, atMost: .max)
            try files.remove(sealed)
            let opened = try open(partial, to: "\(scratch)/opened")
            guard opened.manifest == manifest else {
                throw OpenedKit.damaged("it reads back as something else")
            }
            try examine(opened)
            try files.remove("\(scratch)/opened")
            try files.rename(partial, to: path)
            return digest
        } catch {
            try? files.remove(partial)
            throw error
        }
    }

    /// - Throws: `.backupFailed` where it cannot be decrypted, or holds other than its list says.
    func open(_ path: String, to folder: String) throws(DeployError) -> OpenedKit {
        try files.makeFolder(scratch)
        let packed = "\(scratch)/\(Self.plain)"
        let room = UnpackingRoom(free: files.freeBytes(at: scratch)).bytes
        try encryptor.open(path, to: packed, atMost: room)
        do throws(DeployError) { try archive.unpack(packed, atMost: room, to: folder) } catch {
            try files.remove(packed)
            throw error
        }
        try files.remove(packed)
        let content = try Self.content(of: folder, files)
        let manifest = try manifest(in: folder)
        guard content.digest == manifest.content else {
            throw OpenedKit.damaged("it holds other than its list says")
        }
        return OpenedKit(files: files, folder: folder, manifest: manifest, content: content)
    }

    /// Everything but the manifest.
    static func content(of folder: String, _ files: any FileStore) throws(DeployError) -> Manifest {
        do throws(DeployError) {
            return try files.manifest(of: folder, except: [KitManifest.fileName])
        } catch { throw OpenedKit.damaged("\(error.what): \(error.why)") }
    }

    private func manifest(in folder: String) throws(DeployError) -> KitManifest {
        let (path, limit) = ("\(folder)/\(KitManifest.fileName)", 16 << 20)
        guard files.kind(of: path) == .file, let data = try files.read(path, from: 0, limit: limit + 1),
            data.count <= limit
        else { throw OpenedKit.damaged("there is no \(KitManifest.fileName) in it") }
        struct Version: Decodable { let schema_version: Int }
        if let version = (try? JSONDecoder().decode(Version.self, from: data))?.schema_version,
            version > KitManifest.version
        {
            throw OpenedKit.damaged("a newer deployctl made it, with version \(version) of kits")
        }
        do { return try JSONDecoder().decode(KitManifest.self, from: data) } catch {
            throw OpenedKit.damaged("\(KitManifest.fileName) cannot be read: \(error)")
        }
    }
}
