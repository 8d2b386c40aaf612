import DeployCore
import FoundationEssentials

/// `approve`, `approvals`, `veto` and `clear`.
struct ApprovalCommands {
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
            let approvedAt: Date
            let counts: Bool
        }
        let release: Timestamp
        let digest: String
        let items: [Item]
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
                    signatures: item.signatures.map {
                        .init(
                            performer: $0.performer, approvedAt: $0.approvedAt,
                            counts: item.counting.contains($0.performer))
                    })
            })
        try context.answer(answer) { text(answer) }
        return .done
    }

    private func text(_ answer: SheetAnswer) -> String {
        var table = TextTable(header: ["ITEM", "SIGNED", "BY"])
        for item in answer.items {
            let who = item.signatures.map { "\($0.performer)\($0.counts ? "" : " (void)")" }
            let count = item.signatures.filter(\.counts).count
            table.add(item.item, "\(count) of \(item.needed)", who.joined(separator: ", "))
        }
        return "Release \(answer.release)\n" + table.text()
    }

    struct VetoAnswer: Encodable, Sendable {
        let release: Timestamp
        let vetoed: Bool
        let reason: String
    }

    func veto() throws(DeployError) -> ExitCode {
        let reason = try reason("veto")
        let release = try Approvals(context.deployer).veto(
            context.invocation.timestamp ?? "", because: reason)
        try context.answer(VetoAnswer(release: release.timestamp, vetoed: true, reason: reason)) {
            "Release \(release.timestamp) is vetoed. Lift it with: deployctl clear \(release.timestamp) -m WHY\n"
        }
        return .done
    }

    func clear() throws(DeployError) -> ExitCode {
        let reason = try reason("clear")
        let release = try Approvals(context.deployer).clear(
            context.invocation.timestamp ?? "", because: reason)
        try context.answer(VetoAnswer(release: release.timestamp, vetoed: false, reason: reason)) {
            "Release \(release.timestamp) may be promoted again.\n"
        }
        return .done
    }

    private func reason(_ verb: String) throws(DeployError) -> String {
        let given = context.invocation.text("message") ?? context.invocation.globals.reason ?? ""
        guard given.contains(where: { !$0.isWhitespace }) else {
            throw DeployError(
                .usage, what: "\(verb) needs -m WHY", why: "whoever meets the gate reads it",
                next: "deployctl help \(verb)")
        }
        return given
    }
}
