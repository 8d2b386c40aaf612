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
        ], dryRun: true, exits: .changing + [.gateRefused, .backupFailed],
        body: .inProject(StagingCommand.staging))

    static let planStaging = Verb(
        "plan staging", .look, summary: "Show the steps of a staging deployment",
        paragraph:
            "Shows the steps that `deployctl staging` would run, with their commands, and changes nothing.",
        examples: ["deployctl plan staging", "deployctl plan staging --ref main --json"],
        flags: stagingFlags, dryRun: true, exits: [.invalidDefinition, .notFound, .unfinishedRun],
        body: .inProject(StagingCommand.planStaging))
}

/// `staging` and its plan.
struct StagingCommand: ProjectCommand {
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
