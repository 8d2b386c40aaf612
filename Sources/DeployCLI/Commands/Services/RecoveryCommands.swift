import DeployCore

/// `resume` and `abort`.
struct RecoveryCommands {
    let context: CommandContext

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
