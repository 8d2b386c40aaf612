import FoundationEssentials

/// Encrypts the files of a backup for its recipients, and opens them again on this machine.
struct BackupEncryptor: Sendable {
    typealias Tool = Environment.BackupRules.Encryption.Tool

    let tool: Tool
    let recipients: [String]
    let identity: String?
    /// Whether each file is opened again at once: where the proof does not.
    let readsBack: Bool
    let files: any FileStore
    let commands: any CommandRunner
    var deadline = Duration.seconds(6 * 3600)

    /// As the definition says; nil when backups of this environment are not encrypted.
    init?(_ layout: Layout, files: any FileStore, commands: any CommandRunner) {
        guard let rules = layout.environment.backup.encryption else { return nil }
        self.init(rules.tool, layout, files: files, commands: commands)
    }

    /// For a file that `tool` made, whatever the definition says by now.
    ///
    /// `recipients` are those of the file; nil for those of the definition.
    init(
        _ tool: Tool, _ layout: Layout, recipients known: [String]? = nil, files: any FileStore,
        commands: any CommandRunner
    ) {
        let rules = layout.environment.backup.encryption.flatMap { $0.tool == tool ? $0 : nil }
        self.tool = tool
        recipients = known ?? rules?.recipients ?? []
        identity = rules?.identity.map(layout.absolute)
        readsBack = layout.environment.backup.verify == .checksum
        self.files = files
        self.commands = commands
    }

    /// Encrypts a file of one folder into another and removes the plain one, whatever happens.
    ///
    /// - Returns: the new name.
    func seal(_ name: String, from place: String, to folder: String) throws(DeployError) -> String {
        let (plain, sealed) = ("\(place)/\(name)", "\(folder)/\(name)\(tool.ending)")
        do throws(DeployError) {
            try files.remove(sealed)
            var request = request(encrypting)
            (request.inputFile, request.outputFile) = (plain, sealed)
            try demand(commands.run(request), "\(name) cannot be encrypted")
            let start = try files.read(sealed, from: 0, limit: 64) ?? Data()
            guard isSealed(start) else {
                throw failure("\(name) cannot be encrypted", "\(tool.rawValue) wrote something else")
            }
            try files.makeDurable(sealed)
            try compare(sealed, with: plain)
        } catch {
            try files.remove(plain)
            throw error
        }
        try files.remove(plain)
        return "\(name)\(tool.ending)"
    }

    /// What cannot be opened again, or opens to something else, is no backup.
    private func compare(_ sealed: String, with plain: String) throws(DeployError) {
        guard readsBack else { return }
        let opened = "\(plain).opened"
        try open(sealed, to: opened)
        let (before, after) = (try files.digest(of: plain), try files.digest(of: opened))
        try files.remove(opened)
        guard before == after else {
            throw failure("\(Path.name(plain)) cannot be encrypted", "it reads back as something else")
        }
    }

    /// Decrypts into the new file `plain`, which nobody else may read.
    ///
    /// `most`: bytes it may have, more of which are not written; nil: as many as it likes.
    func open(_ path: String, to plain: String, atMost most: Int64? = nil) throws(DeployError) {
        try refuseUnready()
        try demandSealed(try files.read(path, from: 0, limit: 64) ?? Data(), path)
        try files.remove(plain)
        var request = request(decrypting)
        (request.inputFile, request.outputFile, request.writesAtMost) = (path, plain, most)
        do throws(DeployError) {
            try demandOpened(commands.run(request), path)
        } catch {
            try files.remove(plain)
            throw error
        }
    }

    /// Decrypts a text without writing it anywhere.
    func read(_ sealed: Data, named path: String) throws(DeployError) -> String {
        try refuseUnready()
        try demandSealed(sealed, path)
        var request = request(decrypting)
        request.input = sealed
        request.outputLimit = 1 << 30
        let result = commands.run(request)
        try demandOpened(result, path)
        return result.output
    }

    /// Whether this machine opens what it encrypts.
    func tryOut() throws(DeployError) {
        try refuseUnready()
        let text = "deployctl"
        var sealing = request(encrypting)
        sealing.command = Command(encrypting.program, ["--armor"] + encrypting.arguments)
        sealing.input = Data(text.utf8)
        let sealed = commands.run(sealing)
        try demand(sealed, "Backups cannot be encrypted")
        var opening = request(decrypting)
        opening.input = Data(sealed.output.utf8)
        let opened = commands.run(opening)
        try demand(opened, "Backups cannot be decrypted")
        guard sealed.output != text, opened.output == text else {
            throw failure(
                "Backups cannot be decrypted", "\(tool.rawValue) does not bring back what it was given")
        }
    }

    /// What is known before anything is encrypted: a backup nobody here can open cannot be proved.
    func refuseUnready() throws(DeployError) {
        guard commands.has(tool.rawValue) else {
            throw failure(
                "Backups cannot be encrypted", "\(tool.rawValue) is missing",
                next: "apt-get install \(package)")
        }
        guard tool == .age else { return }
        guard let identity else {
            throw failure(
                "A backup cannot be decrypted", "the definition does not say where the identity is",
                next: "set \"backup.encrypt.identity\"")
        }
        guard files.kind(of: identity) == .file, let permissions = files.permissions(of: identity) else {
            throw failure(
                "Backups cannot be decrypted", "the identity \(identity) is missing or no file",
                next: "put it there with mode 0600")
        }
        guard permissions.ownedByUser, permissions.mode & 0o7177 == 0 else {
            throw failure(
                "Backups cannot be decrypted", "others may read the identity \(identity), or own it",
                next: "chmod 600 \(identity), as its owner")
        }
        let start = String(decoding: try files.read(identity, from: 0, limit: 64) ?? Data(), as: UTF8.self)
        guard !start.begins(with: "age-encryption.org/"), !start.begins(with: "-----BEGIN AGE") else {
            throw failure(
                "Backups cannot be decrypted",
                "the identity \(identity) has a passphrase nobody is there to type",
                next: "use one without; its folder may be encrypted instead")
        }
    }

    var package: String { tool == .gpg ? "gnupg" : tool.rawValue }

    private var encrypting: Command { tool.encrypting(for: recipients) }

    var decrypting: Command { tool.decrypting(with: identity) }

    /// A program that passes its input through leaves the backup open to everybody.
    private func isSealed(_ start: Data) -> Bool {
        switch tool {
        case .age: start.starts(with: Data("age-encryption.org/".utf8))
        // The session key for a recipient comes first, in the old or the new form of a packet.
        case .gpg: [0x84, 0x85, 0x86, 0xC1].contains(start.first)
        }
    }

    /// The program brings what is only signed or packed out of its wrapping just as well.
    private func demandSealed(_ start: Data, _ path: String) throws(DeployError) {
        guard !isSealed(start) else { return }
        throw failure("\(Path.name(path)) cannot be decrypted", "it is not encrypted")
    }

    func request(_ command: Command) -> CommandRequest {
        CommandRequest(command, deadline: deadline, outputLimit: 1 << 16, diesWithParent: true)
    }

    private func demand(_ result: CommandResult, _ what: String) throws(DeployError) {
        guard result.succeeded else { throw failure(what, complaint(result)) }
    }

    private func demandOpened(_ result: CommandResult, _ path: String) throws(DeployError) {
        guard !result.succeeded else { return }
        let known = recipients.isEmpty ? "" : "; it is encrypted for \(recipients.joined(separator: ", "))"
        throw failure("\(Path.name(path)) cannot be decrypted", complaint(result) + known)
    }

    private func failure(_ what: String, _ why: String, next: String = "deployctl doctor") -> DeployError {
        DeployError(.backupFailed, what: what, why: why, next: next)
    }
}
