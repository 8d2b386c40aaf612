import DeployCore

/// Prints a plan as data.
struct PlanReport {
    let context: CommandContext

    /// The plan, or that nothing has to change.
    func finish(_ proposal: Proposal, title: String) throws(DeployError) -> ExitCode {
        if let sentence = proposal.upToDate {
            return try RunReport(context: context).finish(.upToDate(sentence))
        }
        try print(proposal, title: title)
        return proposal.isRefused ? .gateRefused : .done
    }

    func print(_ proposal: Proposal, title: String, rehearsal: Rehearsal? = nil) throws(DeployError) {
        var answer = PlanAnswer(proposal, at: Timestamp(context.ports.clock.now()))
        answer.rehearsal = rehearsal.map(RehearsalAnswer.init)
        try context.answer(answer) { answer.text(context.style, withCommands: true, title: title) }
    }
}
