import DeployCore

/// Prints a plan as data.
struct PlanReport {
    let context: CommandContext

    func print(
        _ proposal: Proposal, title: String, rehearsal: Deployer.Rehearsal? = nil
    ) throws(DeployError) {
        var answer = PlanAnswer(proposal, at: Timestamp(context.ports.clock.now()))
        answer.rehearsal = rehearsal.map(RehearsalAnswer.init)
        try context.answer(answer) { answer.text(context.style, withCommands: true, title: title) }
    }
}
