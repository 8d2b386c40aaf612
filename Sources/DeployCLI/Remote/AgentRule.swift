import DeployCore

/// What an agent may do: everything in environments that nothing is promoted to, and elsewhere look and propose.
struct AgentRule {
    let context: CommandContext

    /// What a command is, to somebody who may only propose in production.
    enum Standing: CaseIterable {
        /// It shows something.
        case reading
        /// It changes an environment.
        case changing
        /// A person confirms its plan.
        case proposing
        /// It writes what is not deployed yet, where it is typed.
        case settingUp
        /// It is a person's own word, or about the whole machine.
        case personal
    }

    /// - Throws: `.notConfirmed` for what an agent may not do.
    func check() throws(DeployError) {
        guard context.variables["DEPLOYCTL_TRIGGER"] == Trigger.agent.rawValue else { return }
        let verb = context.invocation.verb
        switch Self.standing(of: verb) {
        case .personal: throw Self.refusal(verb)
        case .changing:
            guard !context.invocation.looksOnly, let name = context.invocation.environment else { return }
            try context.deployer.refuseHook(in: name)
        case .reading, .proposing, .settingUp: return
        }
    }

    static func refusal(_ verb: Verb) -> DeployError {
        DeployError(
            .notConfirmed, what: "\(verb.name) is not for an agent",
            why: "it is a person's own word, or about the whole machine; nothing was changed",
            next: "let a person run it")
    }

    static func standing(of verb: Verb) -> Standing {
        let name = verb.name
        if proposing.contains(name) { return .proposing }
        if changing.contains(name) { return .changing }
        if settingUp.contains(name) { return .settingUp }
        return verb.group == .look || reading.contains(name) ? .reading : .personal
    }

    private static let proposing = ["production", "rollback", "backup restore", "feature"]
    private static let settingUp = ["init", "hooks install"]
    private static let reading = [
        "status", "lock show", "approvals", "backup list", "certificate status", "secret list", "boot status",
        "schema", "completion", "candidates", "man", "help", "version",
    ]
    private static let changing = [
        "staging", "start", "stop", "restart", "exec", "db", "maintenance on", "maintenance off",
        "lock acquire", "lock release", "resume", "abort", "backup create", "backup verify", "backup copy",
        "backup pin", "backup unpin", "backup prune", "certificate renew", "secret set", "secret remove",
    ]
}
