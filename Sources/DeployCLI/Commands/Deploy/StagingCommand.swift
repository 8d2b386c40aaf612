import DeployCore

/// `staging` and its plan.
struct StagingCommand {
    let context: CommandContext

    private var reference: String { context.invocation.text("ref") ?? "HEAD" }

    func staging() throws(DeployError) -> ExitCode {
        if context.invocation.globals.dryRun { return try planStaging() }
        if context.invocation.has("detach") { return try DetachedRun(context: context).start() }
        let deployer = context.deployer
        let result = try deployer.staging(reference: reference)
        let code = try RunReport(context: context).finish(result)
        guard case .done(let done, _) = result, done.outcome == .succeeded else { return code }
        for promoted in try deployer.promoteAutomatically(from: "staging") {
            context.say("\n")
            let next = try RunReport(context: context).finish(promoted, isFirst: false)
            guard next == .done else { return next }
        }
        return code
    }

    func planStaging() throws(DeployError) -> ExitCode {
        let environment = try context.definitions.load("staging")
        let deployer = context.deployer
        try deployer.refuseUnfinished(environment)
        switch try deployer.stagingIntent(environment, reference: reference) {
        case .upToDate(let release):
            let sentence =
                "release \(release.timestamp) (\(release.shortCommit)) is live and healthy in staging"
            try context.answer(RunAnswer(.upToDate(sentence))) { "Nothing to do: \(sentence).\n" }
        case .plan(let draft, _):
            let proposal = Proposal(draft: draft, notices: draft.fillingNotices)
            try PlanReport(context: context).print(proposal, title: "Deploy \(reference) to staging")
        }
        return .done
    }
}
