import DeployCore

extension Verb {
    static let resume = Verb(
        "resume", .operate, operands: [.environment], summary: "Finish an interrupted run",
        paragraph:
            "Continues an interrupted run where it stopped: finished steps are skipped, the one in doubt is repeated.",
        examples: ["deployctl resume production", "deployctl resume staging --progress plain"],
        flags: [.environment], dryRun: true, exits: .changing + [.backupFailed],
        body: .inProject(RecoveryCommands.resume))

    static let abort = Verb(
        "abort", .operate, operands: [.environment], summary: "Undo an interrupted run",
        paragraph:
            "Undoes what an interrupted run has done, so that the environment is as it was before the run.",
        examples: ["deployctl abort production", "deployctl abort staging --reason \"wrong branch\""],
        flags: [.environment], dryRun: true, exits: .changing,
        body: .inProject(RecoveryCommands.abort))
}

/// `resume` and `abort`.
struct RecoveryCommands: ProjectCommand {
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
        return try ShowCommand(context: context).show(unfinished)
    }
}
