import DeployCore
import FoundationEssentials

extension Verb {
    static let approve = Verb(
        "approve", .operate, operands: [.item],
        summary: "Sign a checklist item, or the release",
        paragraph: """
            Signs an item of the checklist for the release staging runs, or with `release` the release as a whole. \
            A signature is void once the release or a definition changes, or when it expires.
            """,
        examples: ["deployctl approve release", "deployctl approve uploads-work --json"],
        exits: [.invalidDefinition, .gateRefused, .notConfirmed, .notFound],
        body: .inProject(ApprovalCommands.approve))

    static let approvals = Verb(
        "approvals", .operate, summary: "List what is to be signed, and by whom",
        paragraph:
            "Lists the checklist and the release with every signature, whether it counts towards a promotion, and what agents propose.",
        examples: ["deployctl approvals", "deployctl approvals --json"],
        exits: [.invalidDefinition, .notFound],
        body: .inProject(ApprovalCommands.approvals))
}

/// `approve` and `approvals`.
struct ApprovalCommands: ProjectCommand {
    let context: CommandContext

    struct SheetAnswer: Encodable, Sendable {
        struct Item: Encodable, Sendable {
            let item: String
            let needed: Int
            let signed: Bool
            let signatures: [Signature]
        }
        struct Signature: Encodable, Sendable {
            let performer: String
            @OrNull var who: WhoAnswer?
            let approvedAt: Date
            let counts: Bool
            /// As people read it.
            let label: String

            enum CodingKeys: String, CodingKey { case performer, who, approvedAt, counts }

            init(_ signature: DeployCore.Signature, counts: Bool) {
                (performer, approvedAt) = (signature.performer, signature.approvedAt)
                who = signature.who.map(WhoAnswer.init)
                label = Who.label(signature.performer, signature.who)
                self.counts = counts
            }
        }
        struct Proposed: Encodable, Sendable {
            let planID: String
            let performer: String
            let proposedAt: String
            let command: [String]
            @OrNull var release: Timestamp?

            enum CodingKeys: String, CodingKey {
                case planID = "plan_id"
                case performer, proposedAt, command, release
            }

            init(_ entry: AuditEntry) {
                (planID, performer) = (entry.subject ?? "", entry.performer)
                (proposedAt, command, release) = (entry.at, entry.command, entry.release)
            }
        }
        let release: Timestamp
        let digest: String
        let items: [Item]
        /// Plans that wait for a person, the newest first.
        let proposals: [Proposed]
    }

    func approve() throws(DeployError) -> ExitCode {
        let approval = try Approvals(context.deployer).approve(context.invocation.item ?? "")
        try context.answer(approval) {
            InertText.line(
                "\(approval.performer) approves '\(approval.item)' of release \(approval.release).") + "\n"
        }
        return .done
    }

    func approvals() throws(DeployError) -> ExitCode {
        let sheet = try Approvals(context.deployer).sheet()
        let answer = SheetAnswer(
            release: sheet.release.timestamp, digest: sheet.release.digest,
            items: sheet.items.map { item in
                SheetAnswer.Item(
                    item: item.item, needed: item.needed, signed: item.counting.count >= item.needed,
                    signatures: item.signatures.map { .init($0, counts: item.counting.contains($0)) })
            },
            proposals: try Approvals(context.deployer).proposals().map(SheetAnswer.Proposed.init))
        try context.answer(answer) { text(answer) }
        return .done
    }

    private func text(_ answer: SheetAnswer) -> String {
        var table = TextTable(header: ["ITEM", "SIGNED", "BY"])
        for item in answer.items {
            let who = item.signatures.map { "\($0.label)\($0.counts ? "" : " (void)")" }
            let count = item.signatures.filter(\.counts).count
            table.add(item.item, "\(count) of \(item.needed)", who.joined(separator: ", "))
        }
        let proposals = answer.proposals.map { one in
            InertText.line(
                "Proposed by \(one.performer), \(one.proposedAt): plan \(one.planID), \(one.command.joined(separator: " "))"
            )
                + "\n"
        }
        return "Release \(answer.release)\n" + table.text() + proposals.joined()
    }
}
