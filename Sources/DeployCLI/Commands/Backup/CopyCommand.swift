import DeployCore

/// `backup copy`.
struct CopyCommand {
    let context: CommandContext

    func run() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        let known = try context.ports.state.backups(of: environment.name)
        let named = try context.invocation.timestamp.map { text throws(DeployError) in
            try BackupCommands(context: context).named(text, among: known, of: environment).timestamp
        }
        let copying = context.deployer.backupCopying(named, of: environment.name)
        guard context.invocation.globals.dryRun else {
            return try RunReport(context: context).finish(try copying.carryOut())
        }
        return try PlanReport(context: context).finish(
            try copying.preview(), title: "Copy a backup of \(environment.name.uppercased())")
    }
}
