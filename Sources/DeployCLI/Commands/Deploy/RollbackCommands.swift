import DeployCore
import FoundationEssentials

extension Verb {
    private static let dataOnly = Flag("data-only", "Leave the code as it is")
    private static let rollbackFlags = [
        .environment,
        Flag("code-only", "Leave the data as it is")
            .contradicting(dataOnly, because: "together they would change nothing"),
        dataOnly, .confirm,
        Flag("skip-safety-backup", "Do not back up the present data first; needs --reason")
            .needing(.reason, because: "without that backup the present data cannot come back"),
    ]

    static let rollback = Verb(
        "rollback", .deploy, operands: [.timestamp.optional],
        summary: "Go back to an earlier release and its backup",
        paragraph: """
            Takes code and data back as one. TS names a release, a deployment or a backup; without it the \
            candidates are listed. The plan says what would be lost before anything is asked, and the present data \
            is backed up first. With --dry-run --rehearse the backup is really restored to a scratch database and the \
            release really started on it, beside everything that serves.
            """,
        examples: [
            "deployctl rollback 20261121021530",
            "deployctl rollback previous --environment staging --code-only",
            "deployctl rollback 20261121021530 --dry-run --rehearse",
        ],
        flags: rollbackFlags + [.rehearse],
        dryRun: true, exits: .changing + [.gateRefused, .notConfirmed, .backupFailed],
        body: .inProject(RollbackCommands.rollback))

    static let planRollback = Verb(
        "plan rollback", .look, operands: [.timestamp.optional],
        summary: "Show the steps of a rollback and what it would lose",
        paragraph:
            "Shows the steps that `deployctl rollback` would run and what would be lost, and changes nothing.",
        examples: [
            "deployctl plan rollback 20261121021530", "deployctl plan rollback previous --data-only",
        ],
        flags: rollbackFlags, dryRun: true, exits: [.invalidDefinition, .notFound, .unfinishedRun],
        body: .inProject(RollbackCommands.planRollback))
}

/// `rollback`, and what it shares with `backup restore`.
struct RollbackCommands: ProjectCommand {
    let context: CommandContext

    private var name: String { context.invocation.environmentMeant }
    private var confirm: String? { context.invocation.text("confirm") }

    func request(_ target: String, _ scope: RollbackScope? = nil) -> RollbackRequest {
        let invocation = context.invocation
        let asked: RollbackScope =
            invocation.has("code-only") ? .codeOnly : invocation.has("data-only") ? .dataOnly : .codeAndData
        return RollbackRequest(
            target: target, scope: scope ?? asked, skipsSafetyBackup: invocation.has("skip-safety-backup"))
    }

    func rollback() throws(DeployError) -> ExitCode {
        guard let target = context.invocation.timestamp else {
            if rehearses { throw Self.nothingToRehearse }
            return try listCandidates()
        }
        if rehearses { return try rehearse(request(target), title: "Roll back") }
        if context.invocation.globals.dryRun { return try planRollback() }
        return try carryOut(request(target), title: "Roll back")
    }

    func planRollback() throws(DeployError) -> ExitCode {
        guard let target = context.invocation.timestamp else { return try listCandidates() }
        return try plan(request(target), title: "Roll back")
    }

    func plan(_ request: RollbackRequest, title: String) throws(DeployError) -> ExitCode {
        let proposal = try context.deployer.rollback(name, to: request).preview()
        return try PlanReport(context: context).finish(
            proposal, title: heading(title, proposal, request))
    }

    private func heading(
        _ title: String, _ proposal: Proposal, _ request: RollbackRequest
    ) -> String {
        let release = proposal.draft.release ?? ""
        return request.scope == .dataOnly
            ? "\(title) the data of \(name.uppered), release \(release) stays"
            : "\(title) \(name.uppered) to release \(release)"
    }

    var rehearses: Bool { context.invocation.has("rehearse") }

    private static let nothingToRehearse = DeployError(
        .usage, what: "--rehearse needs TS", why: "no release is named that it should try",
        next: "deployctl rollback, which lists them")

    func rehearse(_ request: RollbackRequest, title: String) throws(DeployError) -> ExitCode {
        let rehearsal = try context.deployer.rollback(name, to: request).rehearse()
        try PlanReport(context: context).print(
            rehearsal.proposal, title: heading(title, rehearsal.proposal, request), rehearsal: rehearsal)
        return .done
    }

    func carryOut(_ request: RollbackRequest, title: String) throws(DeployError) -> ExitCode {
        let result = try context.deployer.rollback(name, to: request).carryOut(confirm: confirm) {
            proposal in
            let verbose = context.invocation.globals.verbosity == .verbose
            context.say(
                PlanAnswer(proposal, at: Timestamp(context.ports.clock.now())).text(
                    context.errorStyle, withCommands: verbose,
                    title: heading(title, proposal, request), folding: true) + "\n")
        } propose: { proposal throws(DeployError) in
            try PlanReport(context: context).print(proposal, title: heading(title, proposal, request))
        }
        return try RunReport(context: context).finish(result)
    }

    private func listCandidates() throws(DeployError) -> ExitCode {
        let environment = try context.deployedDefinitions.load(name)
        let site = context.workspace.site(environment)
        let targets = RollbackTargets(site)
        let candidates = try targets.candidates()
        let losses = targets.losses(among: candidates)
        let keys = BackupKeys(site)
            .missing(for: candidates.compactMap(\.backup))
        let answer = CandidatesAnswer(
            environment: name,
            candidates: candidates.map {
                .init(
                    $0, needsKey: $0.backup.flatMap { keys[$0.timestamp]?.key },
                    loss: losses[$0.release.timestamp])
            })
        try context.answer(answer) { answer.text(at: context.ports.clock.now(), width: context.style.width) }
        return .done
    }
}
