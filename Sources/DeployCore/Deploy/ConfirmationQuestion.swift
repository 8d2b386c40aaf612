/// Shows a person one exact plan and obtains their consent to it.
struct ConfirmationQuestion {
    /// What `--confirm` carried.
    let given: String?
    /// What the phrase is typed to do, such as "roll production back to 20260101000020".
    let purpose: (Proposal) -> String
    let show: (Proposal) throws(DeployError) -> Void

    /// The consent; nil where the definition asks for none.
    ///
    /// - Throws: `.notConfirmed` unless the phrase was typed on the terminal or the flag carries what
    ///   the definition demands.
    func ask(
        about proposal: Proposal, by rule: Environment.Confirmation?, _ deployer: Deployer
    ) throws(DeployError) -> Approval? {
        try show(proposal)
        guard let rule else { return nil }
        return deployer.approval(of: proposal, by: try means(rule, proposal, deployer.ports.prompter))
    }

    private func means(
        _ rule: Environment.Confirmation, _ proposal: Proposal, _ prompter: any Prompter
    ) throws(DeployError) -> Approval.Means {
        if let given { return try judge(given, rule, proposal.planID) }
        guard prompter.canAsk else { throw noTerminal(rule, proposal.planID) }
        let answer = prompter.ask("Type \(rule.phrase) to \(purpose(proposal)): ")
        guard answer == rule.phrase else {
            throw refused(answer == nil ? "there was no answer" : "the answer was something else")
        }
        return .typed
    }

    private func judge(
        _ given: String, _ rule: Environment.Confirmation, _ id: String
    ) throws(DeployError) -> Approval.Means {
        switch rule.nonInteractive {
        case .phrase where given == id, .plan where given == id: return .planID
        case .phrase where given == rule.phrase: return .flag
        case .phrase: throw refused("--confirm carries neither \(rule.phrase) nor this plan's id, \(id)")
        case .plan: throw refused("--confirm must carry this plan's id, \(id)")
        case .never: throw refused("this environment is confirmed on a terminal only")
        }
    }

    private func noTerminal(_ rule: Environment.Confirmation, _ id: String) -> DeployError {
        let flag =
            switch rule.nonInteractive {
            case .phrase: "repeat with --confirm \(rule.phrase)"
            case .plan: "look at deployctl plan, then repeat with --confirm \(id)"
            case .never: "run it on a terminal"
            }
        return DeployError(
            .notConfirmed, what: "There is no terminal to confirm on",
            why: "a piped answer does not count; nothing was changed",
            next: flag)
    }

    private func refused(_ why: String) -> DeployError {
        DeployError(
            .notConfirmed, what: "Not confirmed", why: "\(why); nothing was changed", next: "run it again")
    }
}
