import DeployCore

/// `staging` and its plan.
struct StagingCommand {
    let context: CommandContext

    private var reference: String { context.invocation.text("ref") ?? "HEAD" }

    func staging() throws(DeployError) -> ExitCode {
        if context.invocation.globals.dryRun { return try planStaging() }
        if context.invocation.has("detach") { return try DetachedRun(context: context).start() }
        var isFirst = true
        return try context.deployer.staging(reference: reference).carryOut { result throws(DeployError) in
            if !isFirst { context.say("\n") }
            try RunReport(context: context).tell(result, isFirst: isFirst)
            isFirst = false
        }
    }

    func planStaging() throws(DeployError) -> ExitCode {
        let proposal = try context.deployer.staging(reference: reference).preview()
        guard let sentence = proposal.upToDate else {
            return try PlanReport(context: context).finish(
                proposal, title: "Deploy \(reference) to staging")
        }
        try context.answer(RunAnswer(.upToDate(sentence))) { "Nothing to do: \(sentence).\n" }
        return .done
    }
}
