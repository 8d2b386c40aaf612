import DeployCore

extension Verb {
    private static let pinReason = Flag(
        "message", short: "m", value: .text("WHY"), "Why it is kept, shown by backup list")

    static let backupPin = Verb(
        "backup pin", .operate, operands: [.environment, .timestamp],
        summary: "Keep a backup whatever the rules say",
        paragraph: "Pins a backup with a reason; it is never pruned until `deployctl backup unpin`.",
        examples: [
            "deployctl backup pin production 20261121021530 -m audit",
            "deployctl backup pin staging 20261121021530 --reason incident",
        ],
        flags: [.environment, pinReason], dryRun: true, exits: [.invalidDefinition, .locked, .notFound],
        body: .inProject(PinCommands.pin))

    static let backupUnpin = Verb(
        "backup unpin", .operate, operands: [.environment, .timestamp],
        summary: "Let the rules decide on a pinned backup again",
        paragraph: "Takes a pin away; the backup stays until a rule of the definition lets it go.",
        examples: [
            "deployctl backup unpin production 20261121021530",
            "deployctl backup unpin staging 20261121021530 --json",
        ],
        flags: [.environment], dryRun: true, exits: [.invalidDefinition, .locked, .notFound],
        body: .inProject(PinCommands.unpin))
}

/// `backup pin` and `backup unpin`.
struct PinCommands: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let timestamp: Timestamp
        let environment: String
        @OrNull var pinned: String?
    }

    func pin() throws(DeployError) -> ExitCode {
        let reason = context.invocation.text("message") ?? context.invocation.globals.reason ?? ""
        guard !reason.isBlank else {
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
            in: environment.name, for: "deployctl \(context.invocation.verb.name)"
        ) {
            () throws(DeployError) in
            let state = context.ports.state
            let backup = try BackupCommands(context: context).named(
                context.invocation.timestamp ?? "", among: try state.backups(of: environment.name),
                of: environment)
            guard !isTried else { return backup }
            var entry = context.deployer.audit.entry(
                reason == nil ? .unpin : .pin, in: environment.name, on: backup.timestamp.description)
            entry.reason = reason
            try context.deployer.audit.record(entry) { () throws(DeployError) in
                try state.pin(backup.timestamp, because: reason)
            }
            return backup
        }
    }

    private func answer(_ backup: Backup, _ reason: String?) -> Answer {
        Answer(timestamp: backup.timestamp, environment: backup.environment, pinned: reason)
    }
}
