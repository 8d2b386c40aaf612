import DeployCore

extension Verb {
    private static let stagingFlags = [
        Flag("ref", value: .text("REF"), "The commit, branch or tag to build; default: HEAD")
    ]

    static let staging = Verb(
        "staging", .deploy, summary: "Build the commit into a release and deploy it to staging",
        paragraph: """
            Builds the commit once into a release, migrates the database, starts the release beside the old one \
            and moves traffic when it is healthy. When anything fails before that, the old release keeps serving.
            """,
        examples: ["deployctl staging", "deployctl staging --ref feature/labels --dry-run"],
        flags: stagingFlags + [
            Flag("detach", "Return at once; the run goes on and writes a log")
        ], exits: .changing + [.gateRefused, .backupFailed],
        body: .inProject(StagingCommand.staging))

    static let planStaging = Verb(
        "plan staging", .look, summary: "Show the steps of a staging deployment",
        paragraph:
            "Shows the steps that `deployctl staging` would run, with their commands, and changes nothing.",
        examples: ["deployctl plan staging", "deployctl plan staging --ref main --json"],
        flags: stagingFlags, exits: [.invalidDefinition, .notFound, .unfinishedRun],
        body: .inProject(StagingCommand.planStaging))
}

/// `staging` and its plan.
struct StagingCommand: ProjectCommand {
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
