import DeployCore

/// `start`, `stop`, `restart` and `backup create`.
struct OperateCommands {
    let context: CommandContext

    private var name: String { context.invocation.environment ?? "" }

    func operate(_ kind: Operation.Kind) throws(DeployError) -> ExitCode {
        let operation = context.deployer.operation(kind, of: name, service: context.invocation.service)
        guard context.invocation.globals.dryRun else {
            return try RunReport(context: context).finish(try operation.carryOut())
        }
        let proposal = try operation.preview()
        return try PlanReport(context: context).finish(
            proposal, title: "\(proposal.draft.kind.rawValue) \(name)")
    }
}
