import DeployCore

extension Verb {
    static let backupRestore = Verb(
        "backup restore", .operate, operands: [.environment, .timestamp],
        summary: "Put a backup's data back",
        paragraph: """
            Restores a backup beside the live data, compares it with its manifest and swaps it in; the code \
            stays. The present data is backed up first.
            """,
        examples: [
            "deployctl backup restore staging 20261121021530",
            "deployctl backup restore production 20261121021530 --confirm CONFIRM",
        ],
        flags: [.environment, .confirm, .rehearse], dryRun: true,
        exits: .changing + [.notConfirmed, .backupFailed],
        body: .inProject(RollbackCommands.restore))
}

extension RollbackCommands {
    func restore() throws(DeployError) -> ExitCode {
        let request = request(context.invocation.timestamp ?? "", .dataOnly)
        if rehearses { return try rehearse(request, title: "Restore") }
        if context.invocation.globals.dryRun { return try plan(request, title: "Restore") }
        return try carryOut(request, title: "Restore")
    }
}
