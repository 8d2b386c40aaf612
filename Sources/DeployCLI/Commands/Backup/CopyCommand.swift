import DeployCore

extension Verb {
    static let backupCopy = Verb(
        "backup copy", .operate, operands: [.environment, .timestamp.optional],
        summary: "Copy a backup off the machine again",
        paragraph: """
            Runs the definition's "backup.copy" for a backup once more and compares what can be fetched back. Without \
            TS: the newest that is not copied yet.
            """,
        examples: [
            "deployctl backup copy production", "deployctl backup copy production 20261121021530",
        ],
        flags: [.environment],
        dryRun: true, exits: .backingUp,
        body: .inProject(CopyCommand.run))
}

/// `backup copy`.
struct CopyCommand: ProjectCommand {
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
            try copying.preview(), title: "Copy a backup of \(environment.name.uppered)")
    }
}
