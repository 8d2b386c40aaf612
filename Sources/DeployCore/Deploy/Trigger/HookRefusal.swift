/// A commit hook may bring a commit to staging, never further; nor may what a hook left behind.
struct HookRefusal {
    let origin: Origin
    let definitions: DefinitionLoader

    /// - Throws: `.notConfirmed` when nobody stands behind the run and releases are promoted to the environment.
    func check(_ environment: String) throws(DeployError) {
        guard !origin.trigger.hasSomebody, try definitions.load(environment).promotion != nil else { return }
        try check()
    }

    /// The same for what concerns production whatever its environment is.
    func check() throws(DeployError) {
        guard !origin.trigger.hasSomebody else { return }
        guard origin.trigger == .hook else {
            throw DeployError(
                .notConfirmed, what: "A detached run may not change production",
                why:
                    "what started it has ended, as a git hook does that leaves a process behind; nothing was changed",
                next:
                    "run it on a terminal, or where its starter waits: ssh, cron, a CI job, a systemd service"
            )
        }
        throw DeployError(
            .notConfirmed, what: "A hook may not change production",
            why: "this run was started by a git hook; nothing was changed",
            next: "run it yourself")
    }
}
