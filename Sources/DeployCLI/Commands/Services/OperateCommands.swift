import DeployCore

/// `start`, `stop`, `restart` and `backup create`.
struct OperateCommands {
    let context: CommandContext

    private var name: String { context.invocation.environment ?? "" }

    func operate(_ operation: Deployer.Operation) throws(DeployError) -> ExitCode {
        let service = context.invocation.service
        if context.invocation.globals.dryRun {
            let environment = try context.environment()
            try context.deployer.refuseUnfinished(environment)
            let draft = try context.deployer.operationDraft(operation, environment, service: service)
            guard let draft else {
                return try RunReport(context: context).finish(.upToDate("\(name) serves well already"))
            }
            try PlanReport(context: context).print(
                Proposal(draft: draft), title: "\(draft.kind.rawValue) \(name)")
            return .done
        }
        return try RunReport(context: context).finish(
            try context.deployer.operate(operation, name, service: service))
    }
}
