/// Shows a person one exact plan and obtains their consent to it.
struct ConfirmationQuestion {
    /// What `--confirm` carried.
    let given: String?
    /// What the phrase is typed to do, such as "roll production back to 20260101000020".
    let purpose: (Proposal) -> String
    let show: (Proposal) throws(DeployError) -> Void
    /// Gives the plan to whoever may not answer.
    let propose: (Proposal) throws(DeployError) -> Void

    /// The consent; nil where the definition asks for none.
    ///
    /// - Throws: `.notConfirmed` unless the phrase was typed on the terminal or the flag carries what
    ///   the definition demands.
    func ask(
        about proposal: Proposal, by rule: Environment.Confirmation?, _ deployer: Deployer
    ) throws(DeployError) -> Approval? {
        try show(proposal)
        guard let rule else { return nil }
        return deployer.approval(
            of: proposal, by: try means(rule, proposal, deployer.ports.prompter, deployer.ports.interruption))
    }

    private func means(
        _ rule: Environment.Confirmation, _ proposal: Proposal, _ prompter: any Prompter,
        _ interruption: any Interruption
    ) throws(DeployError) -> Approval.Means {
        if let given { return try judge(given, rule, proposal.planID) }
        guard prompter.canAsk else { throw noTerminal(rule, proposal.planID) }
        let answer = prompter.ask(words(rule.phrase, proposal))
        guard answer == rule.phrase else { throw refused(answer, expecting: rule.phrase, interruption) }
        return .typed
    }

    /// What is lost stands in the question, on a line of its own where both would not fit a small screen.
    private func words(_ phrase: String, _ proposal: Proposal) -> String {
        let words = "Type \(phrase) to \(purpose(proposal))"
        guard !proposal.stake.isEmpty else { return "\(words): " }
        let stake = "(\(proposal.stake)): "
        return words.utf8.count + stake.utf8.count < 80 ? "\(words) \(stake)" : "\(words)\n\(stake)"
    }

    private func refused(
        _ answer: String?, expecting phrase: String, _ interruption: any Interruption
    ) -> DeployError {
        if let code = interruption.requested() {
            return DeployError(
                code, what: "Not confirmed", why: "interrupted; nothing was changed", next: "run it again")
        }
        let next = "run it again, and type \(phrase)"
        guard let answer, !answer.isEmpty else { return refused("there was no answer", next: next) }
        // A long one may be a password that was typed into the wrong window.
        guard answer.utf8.count <= 12 else {
            return refused("\(phrase) was expected, and something else typed", next: next)
        }
        let how = answer.lowered == phrase.lowered ? " exactly so" : ""
        return refused("\(phrase) was expected\(how), \"\(Shown.text(answer))\" was typed", next: next)
    }

    private func judge(
        _ given: String, _ rule: Environment.Confirmation, _ id: String
    ) throws(DeployError) -> Approval.Means {
        switch rule.nonInteractive {
        case .phrase where given == id, .plan where given == id: return .planID
        case .phrase where given == rule.phrase: return .flag
        case .phrase:
            throw refused(
                "--confirm carries neither \(rule.phrase) nor this plan's id, \(id)", next: flag(rule, id))
        case .plan: throw refused("--confirm must carry this plan's id, \(id)", next: flag(rule, id))
        case .never: throw refused("this environment is confirmed on a terminal only", next: flag(rule, id))
        }
    }

    /// How it is confirmed without being asked.
    private func flag(_ rule: Environment.Confirmation, _ id: String) -> String {
        switch rule.nonInteractive {
        case .phrase: "repeat with --confirm \(rule.phrase)"
        case .plan: "look at it with --dry-run, then repeat with --confirm \(id)"
        case .never: "run it on a terminal, without --confirm"
        }
    }

    private func noTerminal(_ rule: Environment.Confirmation, _ id: String) -> DeployError {
        DeployError(
            .notConfirmed, what: "There is no terminal to confirm on",
            why: "a piped answer does not count; nothing was changed", next: flag(rule, id))
    }

    private func refused(_ why: String, next: String) -> DeployError {
        DeployError(
            .notConfirmed, what: "Not confirmed", why: "\(why); nothing was changed", next: next)
    }
}
