import DeployCore

/// `production` and its plan.
struct ProductionCommand {
    let context: CommandContext

    private var requested: String? { context.invocation.text("release") }
    private var confirm: String? { context.invocation.text("confirm") }

    func production() throws(DeployError) -> ExitCode {
        if context.invocation.globals.dryRun { return try planProduction() }
        let result = try context.deployer.production(release: requested)
            .carryOut(confirm: confirm) { show($0) }
        return try RunReport(context: context).finish(result)
    }

    func planProduction() throws(DeployError) -> ExitCode {
        let proposal = try context.deployer.production(release: requested).preview()
        return try PlanReport(context: context).finish(proposal, title: Self.title(proposal))
    }

    private func show(_ proposal: Proposal) {
        context.say(
            PlanAnswer(proposal, at: Timestamp(context.ports.clock.now())).text(
                context.errorStyle, withCommands: context.invocation.globals.verbosity == .verbose,
                title: Self.title(proposal)) + "\n")
    }

    private static func title(_ proposal: Proposal) -> String {
        let place = proposal.draft.facts.environment.name.uppercased()
        switch proposal.draft.goal {
        case .build(let commit, _, _): return "Build commit \(commit.prefix(8)) and deploy it to \(place)"
        case .redeploy(let release): return "Deploy release \(release.timestamp) to \(place) again"
        default: return "Promote release \(proposal.draft.release ?? "(none)") to \(place)"
        }
    }
}
