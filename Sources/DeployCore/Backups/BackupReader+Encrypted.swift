import FoundationEssentials

extension BackupReader {
    /// Gives `body` the plain file of a payload: the payload itself, or what it holds, decrypted for as long as it takes.
    func withPlain(
        _ payload: BackupManifest.Payload, in folder: String, _ body: (String) throws(DeployError) -> Void
    ) throws(DeployError) {
        let path = "\(folder)/\(payload.file)"
        guard let seal = seal(of: payload) else { return try body(path) }
        let place = workplace.plainFolder(of: folder)
        let plain = "\(place)/\(payload.file.before(seal.tool.ending) ?? payload.file[...])"
        do throws(DeployError) {
            try files.makeFolder(place)
            try seal.open(path, to: plain)
            try body(plain)
        } catch {
            try? files.remove(place)
            throw error
        }
        try files.remove(place)
    }

    /// A payload that is a text.
    func text(of payload: BackupManifest.Payload, in folder: String) throws(DeployError) -> String? {
        let path = "\(folder)/\(payload.file)"
        guard let seal = seal(of: payload) else {
            return try files.read(path).map { String(decoding: $0, as: UTF8.self) }
        }
        return try seal.read(path)
    }

    /// Removes what a killed run may have left decrypted.
    func removePlain(of backup: Timestamp) throws(DeployError) {
        try files.remove(workplace.plainFolder(of: layout.backup(backup)))
    }

    /// nil for a plain file.
    func seal(of payload: BackupManifest.Payload) -> BackupEncryptor? {
        BackupEncryptor.Tool(of: payload.file).map {
            BackupEncryptor(
                $0, layout, recipients: payload.recipients ?? [], files: files, commands: commands)
        }
    }
}

extension StepContext {
    var backupReader: BackupReader { BackupReader(site) }

    /// nil when backups of this environment are not encrypted.
    var backupEncryptor: BackupEncryptor? {
        BackupEncryptor(layout, files: ports.files, commands: ports.commands)
    }
}
