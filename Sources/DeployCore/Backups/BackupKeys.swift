import FoundationEssentials

/// Tells which backups cannot be opened on this machine, because no key for them is at hand.
public struct BackupKeys: Sendable {
    /// What would open a backup.
    public struct Missing: Sendable {
        public let tool: String
        /// Those it was encrypted for; empty for a backup that does not say.
        let recipients: [String]
        let why: String
        let next: String

        public var key: String { BackupKeys.named(tool, recipients) }

        /// The same in few letters, for a line among others.
        public var shortKey: String {
            BackupKeys.named(tool, recipients.map { $0.count > 16 ? "\($0.prefix(12))…" : $0 })
        }
    }

    let site: Site

    private var ports: Ports { site.ports }
    private var layout: Layout { site.layout }

    public init(_ site: Site) { self.site = site }

    static func named(_ tool: String, _ recipients: [String]) -> String {
        recipients.isEmpty ? tool : "\(tool) \(recipients.joined(separator: ", "))"
    }

    /// What is missing, by backup; those that open, and those that are not encrypted, are left out.
    ///
    /// The beginning of one file of each is opened, all at the same time. What is damaged or gone is no matter of keys.
    public func missing(for backups: [Backup]) -> [Timestamp: Missing] {
        var found: [Timestamp: Missing] = [:]
        var trials: [(backup: Timestamp, seal: BackupEncryptor, request: CommandRequest)] = []
        for backup in backups {
            guard let (seal, path) = sealed(backup) else { continue }
            do throws(DeployError) {
                trials.append((backup.timestamp, seal, try seal.trial(of: path)))
            } catch {
                found[backup.timestamp] = Missing(
                    tool: seal.tool.rawValue, recipients: seal.recipients, why: error.why, next: error.next)
            }
        }
        for (trial, result) in zip(trials, ports.commands.runTogether(trials.map(\.request)))
        where !result.succeeded && result.output.isEmpty {
            found[trial.backup] = trial.seal.unopened
        }
        return found
    }

    /// The first encrypted file of a backup.
    private func sealed(_ backup: Backup) -> (BackupEncryptor, path: String)? {
        let reader = BackupReader(site)
        let folder = layout.backup(backup.timestamp)
        guard let manifest = try? reader.manifest(in: folder, recorded: backup.sha256) else { return nil }
        for payload in manifest.payloads {
            let path = "\(folder)/\(payload.file)"
            if let seal = reader.seal(of: payload), ports.files.kind(of: path) == .file {
                return (seal, path)
            }
        }
        return nil
    }
}

extension BackupEncryptor {
    /// Opens the beginning of a file: with the right key something comes out, however it ends.
    fileprivate func trial(of path: String) throws(DeployError) -> CommandRequest {
        try refuseUnready()
        var trial = request(decrypting)
        trial.input = try files.read(path, from: 0, limit: 1 << 17)
        trial.deadline = .seconds(20)
        return trial
    }

    fileprivate var unopened: BackupKeys.Missing {
        let place = identity ?? "the definition's \"backup.encrypt.identity\""
        return BackupKeys.Missing(
            tool: tool.rawValue, recipients: recipients,
            why: tool == .age ? "the identity \(place) opens none of it" : "the key ring opens none of it",
            next: tool == .age
                ? "put the identity of one of them at \(place) with mode 0600"
                : "import the secret key of one of them: gpg --import")
    }
}
