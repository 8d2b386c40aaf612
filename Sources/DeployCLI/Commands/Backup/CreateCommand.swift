import DeployCore

extension Verb {
    static let backupCreate = Verb(
        "backup create", .operate, operands: [.environment],
        summary: "Back up an environment and prove the backup",
        paragraph:
            "Makes a backup under the same rules as a deployment does; it is listed only when it is complete and proved.",
        examples: ["deployctl backup create production", "deployctl backup create -e staging --json"],
        flags: [.environment],
        dryRun: true, exits: .backingUp,
        body: .inProject(OperateCommands.backUp))
}
