import DeployCore

extension Verb {
    private static let productionFlags = [
        Flag("release", value: .timestamp, "The release to promote; default: the one staging runs"), .confirm,
        .override,
        Flag("unproved-backup", "Go on after a proof failed, to repair the database; needs --reason")
            .needing(.reason, because: "without a proved backup the present data may not come back"),
    ]

    static let production = Verb(
        "production", .deploy, summary: "Promote the release that staging proved",
        paragraph: """
            Promotes the very artefact that staging runs. Every gate must pass, a person confirms the plan shown, \
            and a backup is made and proved by restoring it before anything changes.
            """,
        examples: [
            "deployctl production", "deployctl production --release 20261121021530 --confirm CONFIRM",
        ],
        flags: productionFlags, dryRun: true,
        exits: .changing + [.gateRefused, .notConfirmed, .backupFailed],
        body: .inProject(ProductionCommand.production))

    static let planProduction = Verb(
        "plan production", .look, summary: "Show the steps and gates of a promotion",
        paragraph: """
            Shows the steps that `deployctl production` would run, every gate's verdict, and in which tables and \
            columns production differs from staging, and changes nothing. \
            With --json the answer carries the plan id that --confirm can name.
            """,
        examples: [
            "deployctl plan production", "deployctl plan production --release 20261121021530 --json",
        ],
        flags: productionFlags, dryRun: true,
        exits: [.invalidDefinition, .gateRefused, .notFound, .unfinishedRun],
        body: .inProject(ProductionCommand.planProduction))
}

/// `production` and its plan.
struct ProductionCommand: ProjectCommand {
    let context: CommandContext

    private var requested: String? { context.invocation.text("release") }
    private var unproved: Bool { context.invocation.has("unproved-backup") }
    private var confirm: String? { context.invocation.text("confirm") }

    func production() throws(DeployError) -> ExitCode {
        if context.invocation.globals.dryRun { return try planProduction() }
        let result = try context.deployer.production(release: requested, unproved: unproved)
            .carryOut(confirm: confirm) {
                show($0)
            } propose: { proposal throws(DeployError) in
                try PlanReport(context: context).print(proposal, title: Self.title(proposal))
            }
        return try RunReport(context: context).finish(result)
    }

    func planProduction() throws(DeployError) -> ExitCode {
        let proposal = try context.deployer.production(release: requested, unproved: unproved)
            .preview()
        return try PlanReport(context: context).finish(proposal, title: Self.title(proposal))
    }

    private func show(_ proposal: Proposal) {
        context.say(
            PlanAnswer(proposal, at: Timestamp(context.ports.clock.now())).text(
                context.errorStyle, withCommands: context.invocation.globals.verbosity == .verbose,
                title: Self.title(proposal), folding: true) + "\n")
    }

    private static func title(_ proposal: Proposal) -> String {
        let place = proposal.draft.facts.environment.name.uppered
        switch proposal.draft.goal {
        case .build(let commit, _, _): return "Build commit \(commit.prefix(8)) and deploy it to \(place)"
        case .redeploy(let release): return "Deploy release \(release.timestamp) to \(place) again"
        default:
            return proposal.draft.release.map { "Promote release \($0) to \(place)" }
                ?? "Promote nothing to \(place): there is no release to promote"
        }
    }
}
