import DeployCore
import FoundationEssentials

extension Verb {
    private static let sample = Flag(
        "sample", value: .count("N"), "Verify the N that were tried least recently")

    private static func oneOrMany(_ flag: Flag) -> Flag {
        flag.ruled("contradicts TS", because: "one backup is named and others are asked for") {
            $0.timestamp == nil
        }
    }

    static let backupVerify = Verb(
        "backup verify", .operate, operands: [.environment, .timestamp.optional],
        summary: "Prove that a backup can be restored",
        paragraph: """
            Restores a backup into a scratch place and compares it with its manifest. Without TS: the newest. One \
            that is damaged is marked and ends with 19; one that could not be looked at, because a server or a \
            program is missing, is left as it is and ends with 15.
            """,
        examples: [
            "deployctl backup verify production", "deployctl backup verify production --all",
            "deployctl backup verify production --sample 3",
        ],
        flags: [
            .environment,
            oneOrMany(Flag("all", "Verify every backup of the environment"))
                .contradicting(sample, because: "one asks for every backup and the other for some"),
            oneOrMany(sample),
        ],
        dryRun: true, exits: [.invalidDefinition, .locked, .stepFailed, .notFound, .unhealthy, .interrupted],
        body: .inProject(VerifyCommand.run))
}

/// `backup verify`: proves backups again, and tells a spoiled one from one that could not be looked at.
struct VerifyCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        struct Checked: Encodable, Sendable {
            let timestamp: Timestamp
            /// `restored`, `damaged` or `unproved`; `pending` in a dry run.
            let verdict: String
            @OrNull var why: String?
            @OrNull var restoreSeconds: Double?
        }
        let backups: [Checked]
    }

    func run() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        if context.invocation.globals.dryRun { return try plan(environment) }
        let checked = try context.deployer.exclusively(in: environment.name, for: "deployctl backup verify") {
            () throws(DeployError) in
            let site = context.workspace.site(environment)
            let audit = context.deployer.audit
            return try selected(environment).map { backup throws(DeployError) in
                let entry = audit.entry(.verify, in: environment.name, on: "\(backup.timestamp)")
                return try audit.around(entry, succeeded: { $0.verdict == "restored" }) {
                    () throws(DeployError) in try check(backup, site)
                }
            }
        }
        try context.answer(Answer(backups: checked)) {
            checked.isEmpty ? "There are no backups yet.\n" : checked.map(line).joined()
        }
        try advise(checked.filter { $0.verdict == "damaged" }.map(\.timestamp), environment)
        let verdicts = Set(checked.map(\.verdict))
        let (damaged, unproved) = ("damaged", "unproved")
        return verdicts.contains(damaged) ? .unhealthy : verdicts.contains(unproved) ? .stepFailed : .done
    }

    private func plan(_ environment: Environment) throws(DeployError) -> ExitCode {
        let chosen = try selected(environment).map(\.timestamp)
        let answer = Answer(backups: chosen.map { .init(timestamp: $0, verdict: "pending") })
        try context.answer(answer) {
            chosen.map { "\($0)  would be restored to a scratch place and compared\n" }.joined()
        }
        return .done
    }

    /// A damaged backup is not the end: a copy may be elsewhere, and the live data is.
    private func advise(_ damaged: [Timestamp], _ environment: Environment) throws(DeployError) {
        guard !damaged.isEmpty else { return }
        let layout = context.workspace.site(environment).layout
        for name in damaged {
            let way = try context.ports.state.backup(name)?.wayBack(to: layout.backup(name))
            if let way { context.say("  next:  \(InertText.line(way))\n") }
        }
        context.say(
            "  next:  deployctl backup create \(environment.name), for a good one of the data as it is now\n")
    }

    private func line(_ item: Answer.Checked) -> String {
        let time = item.restoreSeconds.map { " in \(HumanText.duration($0)), everything equal" } ?? ""
        return InertText.line(
            "\(item.timestamp)  \(item.verdict)\(time)\(item.why.map { ": \($0)" } ?? "")") + "\n"
    }

    /// Of one that could not be looked at only the try is recorded.
    private func check(_ backup: Backup, _ site: Site) throws(DeployError) -> Answer.Checked {
        try refuseInterrupted()
        let reader = BackupReader(site)
        let proof: BackupReader.Proof
        do throws(DeployError) {
            proof = try reader.prove(
                in: site.layout.backup(backup.timestamp), recorded: backup.sha256, verification: .restore)
        } catch {
            try refuseInterrupted()
            reader.clear(after: backup.timestamp)
            guard error.isDamage else {
                var tried = backup
                tried.triedAt = context.ports.clock.now()
                try context.ports.state.record(tried)
                return .init(timestamp: backup.timestamp, verdict: "unproved", why: error.why)
            }
            return try damaged(backup, error.why)
        }
        try record(backup, .restored, seconds: proof.seconds)
        return .init(timestamp: backup.timestamp, verdict: "restored", restoreSeconds: proof.seconds)
    }

    private func damaged(_ backup: Backup, _ why: String) throws(DeployError) -> Answer.Checked {
        try record(backup, .no, seconds: backup.restoreSeconds)
        return .init(timestamp: backup.timestamp, verdict: "damaged", why: why)
    }

    private func record(
        _ backup: Backup, _ verified: Backup.Verified, seconds: Double?
    ) throws(DeployError) {
        var known = backup
        (known.verified, known.restoreSeconds) = (verified, seconds)
        known.provedAt = context.ports.clock.now()
        known.triedAt = known.provedAt
        try context.ports.state.record(known)
    }

    private func refuseInterrupted() throws(DeployError) {
        guard let code = context.ports.interruption.requested() else { return }
        throw DeployError(
            code, what: "The proof was asked to stop", why: code.meaning,
            next: "deployctl backup verify \(context.invocation.environment ?? "production"), to begin again")
    }

    private func selected(_ environment: Environment) throws(DeployError) -> [Backup] {
        let known = try context.ports.state.backups(of: environment.name)
        if context.invocation.has("all") { return known }
        if let count = context.invocation.count("sample") { return Self.sample(count, of: known) }
        guard let text = context.invocation.timestamp else {
            guard let newest = known.first else {
                throw DeployError(
                    .notFound, what: "\(environment.name) has no backup", why: "none was taken yet",
                    next: "deployctl backup create \(environment.name)")
            }
            return [newest]
        }
        return [try BackupCommands(context: context).named(text, among: known, of: environment)]
    }

    /// Those tried least recently, so that repeated calls go round all of them, whatever comes of each.
    static func sample(_ count: Int, of backups: [Backup]) -> [Backup] {
        let order = backups.sorted { left, right in
            let (one, other) = (left.triedAt ?? .distantPast, right.triedAt ?? .distantPast)
            return one == other ? left.timestamp < right.timestamp : one < other
        }
        return Array(order.prefix(count))
    }
}
