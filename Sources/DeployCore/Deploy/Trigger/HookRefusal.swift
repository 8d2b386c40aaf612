/// A commit hook may bring a commit to staging, never further; nor may what a hook left behind.
struct HookRefusal {
    let origin: Origin
    let definitions: DefinitionLoader
    let state: any StateStore

    /// - Throws: `.notConfirmed` when nobody stands behind the run and releases are, or were, promoted to the
    ///   environment.
    func check(_ environment: String) throws(DeployError) {
        guard !origin.trigger.hasSomebody, guards(environment) else { return }
        try check()
    }

    /// Whether releases are, or were, promoted to the environment.
    func guards(_ environment: String) -> Bool {
        let last = (try? state.lastDefinition(of: environment)) ?? nil
        return last?.promotion != nil || (try? definitions.load(environment))?.promotion != nil
    }

    /// The same for what concerns production whatever its environment is.
    func check() throws(DeployError) {
        switch origin.trigger {
        case .hook: throw refusal("A hook", "this run was started by a git hook", "run it yourself")
        case .service:
            throw refusal(
                "A service", "this run was started by a service of a deployed release, or carries its marker",
                "run it yourself, where DEPLOYCTL_INSTANCE is not set")
        case .detached:
            throw refusal(
                "A detached run",
                "what started it has ended, as a git hook does that leaves a process behind, or is no program known to start deployments",
                "run it on a terminal, or where its starter waits: ssh, cron, a CI job, a systemd service")
        case .agent:
            throw refusal(
                "An agent", "its key, or DEPLOYCTL_TRIGGER, says that it may only propose there",
                "let a person run it; what it may propose: deployctl production, deployctl rollback TS")
        default: return
        }
    }

    private func refusal(_ who: String, _ why: String, _ next: String) -> DeployError {
        DeployError(
            .notConfirmed, what: "\(who) may not change production", why: "\(why); nothing was changed",
            next: next)
    }
}
