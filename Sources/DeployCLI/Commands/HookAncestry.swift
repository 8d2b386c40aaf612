/// Tells from the processes above this one whether a git hook began it, whatever the hook said.
enum HookAncestry {
    private static let names: Set<String> = [
        "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit",
        "prepare-commit-msg", "commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge",
        "pre-push", "pre-receive", "update", "proc-receive", "post-receive", "post-update",
        "reference-transaction", "push-to-checkout", "pre-auto-gc", "post-rewrite", "sendemail-validate",
    ]

    /// Each ancestor's arguments, the nearest first.
    static func isHook(_ ancestors: [[String]]) -> Bool {
        ancestors.contains { arguments in
            let program = arguments.first.map(lastPart) ?? ""
            if program == "git" || program.hasPrefix("git-") && program != "git-shell" { return true }
            return arguments.contains { argument in
                let parts = argument.split(separator: "/")
                return parts.count > 1 && parts.dropLast().contains("hooks")
                    && names.contains(lastPart(argument))
            }
        }
    }

    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
