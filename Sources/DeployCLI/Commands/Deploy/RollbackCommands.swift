import DeployCore
import FoundationEssentials

/// `rollback` and `backup restore`: what takes data back.
struct RollbackCommands {
    let context: CommandContext

    private var name: String { context.invocation.environment ?? "production" }
    private var confirm: String? { context.invocation.text("confirm") }

    private func request(_ target: String, _ scope: RollbackScope? = nil) -> RollbackRequest {
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

    func restore() throws(DeployError) -> ExitCode {
        let request = request(context.invocation.timestamp ?? "", .dataOnly)
        if rehearses { return try rehearse(request, title: "Restore") }
        if context.invocation.globals.dryRun { return try plan(request, title: "Restore") }
        return try carryOut(request, title: "Restore")
    }

    func planRollback() throws(DeployError) -> ExitCode {
        guard let target = context.invocation.timestamp else { return try listCandidates() }
        return try plan(request(target), title: "Roll back")
    }

    private func plan(_ request: RollbackRequest, title: String) throws(DeployError) -> ExitCode {
        let proposal = try context.deployer.rollback(name, to: request).preview()
        return try PlanReport(context: context).finish(
            proposal, title: heading(title, proposal, request))
    }

    private func heading(
        _ title: String, _ proposal: Proposal, _ request: RollbackRequest
    ) -> String {
        let release = proposal.draft.release ?? ""
        return request.scope == .dataOnly
            ? "\(title) the data of \(name.uppercased()), release \(release) stays"
            : "\(title) \(name.uppercased()) to release \(release)"
    }

    private var rehearses: Bool { context.invocation.has("rehearse") }

    private static let nothingToRehearse = DeployError(
        .usage, what: "--rehearse needs TS", why: "no release is named that it should try",
        next: "deployctl rollback, which lists them")

    private func rehearse(_ request: RollbackRequest, title: String) throws(DeployError) -> ExitCode {
        let rehearsal = try context.deployer.rollback(name, to: request).rehearse()
        try PlanReport(context: context).print(
            rehearsal.proposal, title: heading(title, rehearsal.proposal, request), rehearsal: rehearsal)
        return .done
    }

    private func carryOut(_ request: RollbackRequest, title: String) throws(DeployError) -> ExitCode {
        let result = try context.deployer.rollback(name, to: request).carryOut(confirm: confirm) {
            proposal in
            let verbose = context.invocation.globals.verbosity == .verbose
            context.say(
                PlanAnswer(proposal, at: Timestamp(context.ports.clock.now())).text(
                    context.errorStyle, withCommands: verbose,
                    title: heading(title, proposal, request)) + "\n")
        }
        return try RunReport(context: context).finish(result)
    }

    private func listCandidates() throws(DeployError) -> ExitCode {
        let environment = try context.definitions.load(name)
        let site = context.workspace.site(environment)
        let candidates = try RollbackTargets(site).candidates()
        let keys = BackupKeys(site)
            .missing(for: candidates.compactMap(\.backup))
        let answer = CandidatesAnswer(
            environment: name,
            candidates: candidates.map { .init($0, needsKey: $0.backup.flatMap { keys[$0.timestamp]?.key }) })
        try context.answer(answer) { answer.text(at: context.ports.clock.now()) }
        return .done
    }
}
