/// What a person types who knows another tool.
enum ForeignWords {
    /// The command that does here what the word does elsewhere.
    static func verb(_ word: String) -> String? { verbs[word] }

    private static let verbs = [
        "deploy": "staging", "push": "staging", "up": "staging", "release": "staging",
        "promote": "production", "undo": "rollback", "revert": "rollback",
        "ps": "status", "info": "status", "ls": "status", "list": "history", "audit": "history",
        "down": "stop", "run": "exec", "shell": "exec", "bash": "exec", "ssh": "exec", "console": "db",
        "psql": "db", "mysql": "db", "config": "validate", "check": "validate",
        "prune": "backup prune", "cleanup": "backup prune", "restore": "backup restore",
        "unlock": "lock release", "state": "adopt", "sign": "approve",
    ]

    /// What stands here in the place of a flag that agrees to anything; nil for another flag.
    static func consent(_ flag: String) -> String? {
        ["-y", "--yes", "-f", "--force"].contains(flag)
            ? "the word to say is --confirm CONFIRM, or what the definition asks for" : nil
    }
}
