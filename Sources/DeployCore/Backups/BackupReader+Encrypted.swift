import FoundationEssentials

extension BackupReader {
    /// Gives `body` the plain file of a payload for as long as it takes: a copy that nobody else reaches, whose digest
    /// was found to be the manifest's, decrypted where it is encrypted.
    ///
    /// Whoever may write the backups' folder may do so at any time, so its files are read once.
    func withPlain<Value>(
        _ payload: BackupManifest.Payload, in folder: String, _ body: (String) throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        let (path, place) = ("\(folder)/\(payload.file)", workplace.plainFolder(of: folder))
        var plain = "\(place)/\(payload.file)"
        let value: Value
        do throws(DeployError) {
            try demandThere(payload, in: folder)
            try files.remove(place)
            try files.makeFolder(place)
            let copy = try files.copy(path, to: plain, atMost: payload.digest.bytes, durably: false)
            try demand(payload, is: copy, in: folder)
            if let seal = seal(of: payload) {
                let sealed = plain
                plain = String(plain.before(seal.tool.ending) ?? plain[...])
                try seal.open(sealed, to: plain)
                try files.remove(sealed)
            }
            value = try body(plain)
        } catch {
            try? files.remove(place)
            throw error
        }
        try files.remove(place)
        return value
    }

    /// A payload that is a text.
    func text(of payload: BackupManifest.Payload, in folder: String) throws(DeployError) -> String? {
        let path = "\(folder)/\(payload.file)"
        guard let data = try read(path, atMost: payload.digest.bytes) else {
            return nil
        }
        try demand(
            payload, is: FileDigest(bytes: Int64(data.count), sha256: SHA256.hexadecimal(of: data)),
            in: folder)
        return try seal(of: payload)?.read(data, named: payload.file) ?? String(decoding: data, as: UTF8.self)
    }

    /// Removes what a killed run may have left.
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

    /// What the state knows of a backup.
    func recorded(_ backup: Timestamp) throws(DeployError) -> Backup {
        if let known = try ports.state.backup(backup) { return known }
        throw DeployError(
            .backupFailed, what: "Backup \(backup) is not recorded",
            why: "without its digest nothing of it can be believed",
            next: "deployctl backup list \(environment.name)")
    }

    /// nil when backups of this environment are not encrypted.
    var backupEncryptor: BackupEncryptor? {
        BackupEncryptor(layout, files: ports.files, commands: ports.commands)
    }
}
