/// Tells from the processes above this one whether a git hook began it, whatever the hook said.
enum HookAncestry {
    private static let names: Set<String> = [
        "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit",
        "prepare-commit-msg", "commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge",
        "pre-push", "pre-receive", "update", "proc-receive", "post-receive", "post-update",
        "reference-transaction", "push-to-checkout", "pre-auto-gc", "post-rewrite", "sendemail-validate",
    ]

    /// `lineage` begins with this process itself, which is no hook whatever it is called.
    static func isHook(_ lineage: [Relative]) -> Bool {
        lineage.dropFirst().contains { relative in
            isGit(relative.program) || isGit(relative.arguments.first.map(lastPart) ?? "")
                || relative.arguments.contains(where: isHookFile)
        }
    }

    private static func isGit(_ program: String) -> Bool {
        program == "git" || program.begins(with: "git-") && program != "git-shell"
    }

    private static func isHookFile(_ argument: String) -> Bool {
        let parts = argument.split(at: "/")
        return parts.count > 1 && parts.dropLast().contains { $0 == "hooks" }
            && names.contains(lastPart(argument))
    }

    private static func lastPart(_ path: String) -> String {
        path.split(at: "/").last.map(String.init) ?? path
    }
}
