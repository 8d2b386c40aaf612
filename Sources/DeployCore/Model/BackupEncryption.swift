extension Environment.BackupRules {
    /// For whom the files of a backup are encrypted, and who opens them on this machine.
    struct Encryption: Hashable, Codable, Sendable {
        /// The program that does it.
        enum Tool: String, CaseIterable, Codable, Sendable { case age, gpg }

        var tool: Tool
        var recipients: [String]
        /// age: the file that proofs and rollbacks open backups with; gpg has the user's key ring.
        var identity: String?
    }
}

extension Environment.BackupRules.Encryption.Tool {
    /// What the name of a file it made ends with.
    var ending: String { ".\(rawValue)" }

    /// The program that made a file of this name; nil for a plain one.
    init?(of name: String) {
        guard let tool = Self.allCases.first(where: { name.ends(with: $0.ending) }) else { return nil }
        self = tool
    }
}
