import FoundationEssentials

/// Obtains a person's consent to one exact plan.
struct ConfirmationQuestion {
    let ports: Ports
    let origin: Origin
    /// What `--confirm` carried.
    let given: String?

    /// - Throws: `.notConfirmed` unless the phrase was typed on the terminal or the flag carries what
    ///   the definition demands.
    func obtain(
        _ rule: Environment.Confirmation?, plan id: String, question: String
    ) throws(DeployError) -> Approval? {
        guard let rule else { return nil }
        let means: Approval.Means
        if let given {
            means = try judge(given, rule, id)
        } else {
            guard ports.prompter.canAsk else { throw noTerminal(rule, id) }
            let answer = ports.prompter.ask("Type \(rule.phrase) to \(question): ")
            guard answer == rule.phrase else {
                throw refused(answer == nil ? "there was no answer" : "the answer was something else")
            }
            means = .typed
        }
        return Approval(
            planID: id, performer: origin.performer, means: means, approvedAt: ports.clock.now())
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
