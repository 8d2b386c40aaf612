import DeployCore
import FoundationEssentials

extension Verb {
    static let audit = Verb(
        "audit", .look, operands: [.environment.optional],
        summary: "List who did what, newest first",
        paragraph: """
            Lists the audit log: what somebody did, under which account, before it was done, and how it ended. No entry \
            is ever changed or removed; each carries the hash of the one before.
            """,
        examples: ["deployctl audit", "deployctl audit production --since 7d -n 100 --json"],
        flags: [
            .environment,
            Flag("limit", short: "n", value: .count("N"), "How many to list; default: 20"),
            Flag(
                "since", value: .text("T"), "Only what was done since a moment or for a duration such as 7d"),
        ],
        exits: [.invalidDefinition, .notFound],
        body: .inProject(AuditCommand.list))

    static let auditVerify = Verb(
        "audit verify", .look, summary: "Prove that the audit log is whole",
        paragraph: """
            Compares the audit log with its hashes, with .deployctl/audit.log and with the tags of deployments, and names \
            the first entry that was changed, removed, cut off or written anew; that ends with 19.
            """,
        examples: ["deployctl audit verify", "deployctl audit verify --json"],
        exits: [.unhealthy],
        body: .inProject(AuditCommand.verify))
}

/// `audit` and `audit verify`.
struct AuditCommand: ProjectCommand {
    let context: CommandContext

    struct ListAnswer: Encodable, Sendable {
        struct Entry: Encodable, Sendable {
            let sequence: Int64
            let hash: String
            @OrNull var at: String?
            @OrNull var act: String?
            @OrNull var environment: String?
            @OrNull var release: Timestamp?
            @OrNull var run: Timestamp?
            @OrNull var subject: String?
            let command: [String]
            @OrNull var performer: String?
            @OrNull var who: WhoAnswer?
            @OrNull var trigger: String?
            @OrNull var reason: String?
            @OrNull var outcome: String?

            init(_ record: AuditRecord, _ content: AuditEntry?) {
                (sequence, hash) = (record.sequence, record.hash)
                (at, act, environment) = (content?.at, content?.act.rawValue, content?.environment)
                (release, run, subject) = (content?.release, content?.run, content?.subject)
                (performer, who) = (content?.performer, content?.who.map(WhoAnswer.init))
                (trigger, reason, outcome) = (content?.trigger.rawValue, content?.reason, content?.outcome)
                command = content?.command ?? []
            }
        }
        let entries: [Entry]
    }

    struct VerifyAnswer: Encodable, Sendable {
        struct Misfit: Encodable, Sendable {
            let sequence: Int64
            let why: String
        }
        let whole: Bool
        let entries: Int64
        let anchored: Int64
        let tags: Int
        @OrNull var misfit: Misfit?
        let notes: [String]
    }

    func list() throws(DeployError) -> ExitCode {
        let moment = try context.invocation.text("since").map { text throws(DeployError) in
            UTC.rfc3339(try MomentText.date(text, at: context.ports.clock.now(), verb: "audit"))
        }
        let records = try context.ports.state.auditRecords(
            of: context.invocation.environment, since: moment, limit: context.invocation.count("limit") ?? 20)
        let entries = records.map { ($0, $0.content) }
        try context.answer(ListAnswer(entries: entries.map { .init($0, $1) })) { table(entries) }
        return .done
    }

    private func table(_ entries: [(AuditRecord, AuditEntry?)]) -> String {
        guard !entries.isEmpty else { return "Nothing is in the audit log.\n" }
        var table = TextTable(header: ["ENTRY", "AT", "ACT", "ENVIRONMENT", "ON", "OUTCOME", "BY"])
        for (record, entry) in entries {
            let subject = [entry?.release?.description, entry?.subject].compactMap(\.self)
            table.add(
                "\(record.sequence)", entry?.at ?? "", entry?.act.rawValue ?? "cannot be read",
                entry?.environment ?? "", subject.joined(separator: " "),
                HumanText.outcome(entry?.outcome ?? ""),
                entry.map { Who.label($0.performer, $0.who) } ?? "")
        }
        return table.text()
    }

    func verify() throws(DeployError) -> ExitCode {
        let verdict = try AuditProof(context.workspace, definitions: context.definitions).verdict()
        let misfit = verdict.misfit.map { VerifyAnswer.Misfit(sequence: $0.sequence, why: $0.why) }
        let answer = VerifyAnswer(
            whole: misfit == nil, entries: verdict.entries, anchored: verdict.anchored, tags: verdict.tags,
            misfit: misfit, notes: verdict.notes)
        try context.answer(answer) { text(answer) }
        return misfit == nil ? .done : .unhealthy
    }

    private func text(_ answer: VerifyAnswer) -> String {
        let notes = answer.notes.map { InertText.line($0) + "\n" }.joined()
        guard let misfit = answer.misfit else {
            return
                "The audit log is whole. Entries: \(answer.entries); the newest that is borne out elsewhere: "
                + "\(answer.anchored); tags compared: \(answer.tags).\n" + notes
        }
        return InertText.line("Entry \(misfit.sequence) of the audit log does not fit: \(misfit.why).") + "\n"
            + "Keep .deployctl as it is for whoever looks into it; what was done before: deployctl audit\n"
            + notes
    }
}
