import DeployCore

/// `start`, `stop`, `restart`, `backup create`, `resume` and `abort`.
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

    func resume() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        if context.invocation.globals.dryRun { return try planRecovery(environment) }
        return try RunReport(context: context).finish(
            try Recovery(deployer: context.deployer).resume(environment.name))
    }

    func abort() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        if context.invocation.globals.dryRun { return try planRecovery(environment) }
        return try RunReport(context: context).finish(
            try Recovery(deployer: context.deployer).abort(environment.name))
    }

    /// The interrupted run's steps and how far it came.
    private func planRecovery(_ environment: Environment) throws(DeployError) -> ExitCode {
        guard let unfinished = try context.ports.state.unfinished(in: environment.name) else {
            return try RunReport(context: context).finish(
                .upToDate("no unfinished run in \(environment.name)"))
        }
        return try HistoryCommands(context: context).show(unfinished)
    }
}
