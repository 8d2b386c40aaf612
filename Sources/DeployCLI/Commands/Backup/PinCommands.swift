import DeployCore

/// `backup pin` and `backup unpin`.
struct PinCommands {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let timestamp: Timestamp
        let environment: String
        @OrNull var pinned: String?
    }

    func pin() throws(DeployError) -> ExitCode {
        let reason = context.invocation.text("message") ?? context.invocation.globals.reason ?? ""
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw DeployError(
                .usage, what: "backup pin needs a reason",
                why: "who meets the backup later has to know why it is kept",
                next: "deployctl backup pin \(context.invocation.environment ?? "ENV") "
                    + "\(context.invocation.timestamp ?? "TS") -m \"before the audit\"")
        }
        let backup = try set(reason)
        try context.answer(answer(backup, reason)) {
            "Backup \(backup.timestamp) \(isTried ? "would be" : "is") pinned: \(InertText.line(reason))\n"
        }
        return .done
    }

    func unpin() throws(DeployError) -> ExitCode {
        let backup = try set(nil)
        try context.answer(answer(backup, nil)) {
            let was =
                backup.pinned == nil ? "was not pinned" : "\(isTried ? "would be" : "is") pinned no more"
            return "Backup \(backup.timestamp) \(was); the rules of \(backup.environment) decide on it.\n"
        }
        return .done
    }

    private var isTried: Bool { context.invocation.globals.dryRun }

    private func set(_ reason: String?) throws(DeployError) -> Backup {
        let environment = try context.environment()
        return try context.deployer.exclusively(
            in: environment.name, for: "deployctl \(context.invocation.verb.joined(separator: " "))"
        ) {
            () throws(DeployError) in
            let state = context.ports.state
            let backup = try BackupCommands(context: context).named(
                context.invocation.timestamp ?? "", among: try state.backups(of: environment.name),
                of: environment)
            if !isTried { try state.pin(backup.timestamp, because: reason) }
            return backup
        }
    }

    private func answer(_ backup: Backup, _ reason: String?) -> Answer {
        Answer(timestamp: backup.timestamp, environment: backup.environment, pinned: reason)
    }
}
