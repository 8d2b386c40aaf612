extension BackupEncryptor {
    /// What `seal` starts; nothing where backups are not encrypted.
    static func programsSealing(in layout: Layout) -> [ProgramCall] {
        guard let rules = layout.environment.backup.encryption else { return [] }
        let readsBack = layout.environment.backup.verify == .checksum
        return [rules.tool.encrypting(for: rules.recipients)].calls
            + (readsBack ? programsOpening(by: rules, in: layout) : [])
    }

    /// What `open` starts for a backup taken by these rules.
    static func programsOpening(
        by rules: Environment.BackupRules.Encryption?, in layout: Layout
    ) -> [ProgramCall] {
        rules.map { [$0.tool.decrypting(with: $0.identity.map(layout.absolute))].calls } ?? []
    }

    /// What `open` starts for a backup that may have been taken by other rules than those of today.
    static func programsOpeningEarlier(
        by rules: Environment.BackupRules.Encryption?, in layout: Layout
    ) -> [ProgramCall] {
        var rules = rules.map { [$0] } ?? []
        if !rules.contains(where: { $0.tool == .gpg }) { rules.append(.init(tool: .gpg, recipients: [])) }
        return rules.flatMap {
            programsOpening(by: $0, in: layout).when("the backup is encrypted with \($0.tool.rawValue)")
        }
    }
}

extension BackupEncryptor.Tool {
    func encrypting(for recipients: [String]) -> Command {
        let all = recipients.flatMap { ["--recipient", $0] }
        return switch self {
        case .age: Command("age", ["--encrypt"] + all)
        case .gpg:
            Command(
                "gpg",
                quiet + [
                    "--trust-model", "always", "--no-auto-key-locate", "--compress-algo", "none", "--encrypt",
                ] + all)
        }
    }

    /// `identity`: age's key file; gpg has a key ring.
    func decrypting(with identity: String?) -> Command {
        switch self {
        case .age: Command("age", ["--decrypt", "--identity", identity ?? ""])
        case .gpg: Command("gpg", quiet + ["--pinentry-mode", "error", "--decrypt"])
        }
    }

    private var quiet: [String] { ["--batch", "--no-tty", "--quiet"] }
}
