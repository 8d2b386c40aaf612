import DeployCore

extension Verb {
    private static let vetoReason = Flag("message", short: "m", value: .text("WHY"), "Why, shown by gates")

    static let veto = Verb(
        "veto", .operate, operands: [.timestamp], summary: "Forbid the promotion of a release",
        paragraph:
            "Forbids the promotion of a release until `deployctl clear`; a rollback of production does so itself.",
        examples: [
            "deployctl veto 20261121021530 -m slow", "deployctl veto 20261121 -m loses-uploads",
        ],
        flags: [vetoReason], exits: [.invalidDefinition, .notFound],
        body: .inProject(VetoCommands.veto))

    static let clear = Verb(
        "clear", .operate, operands: [.timestamp], summary: "Lift the veto of a release",
        paragraph: "Lifts every veto of a release, with a reason that stays in the state.",
        examples: [
            "deployctl clear 20261121021530 -m measured-again",
            "deployctl clear 20261121 -m ok",
        ],
        flags: [vetoReason], exits: [.invalidDefinition, .notConfirmed, .notFound],
        body: .inProject(VetoCommands.clear))
}

/// `veto` and `clear`.
struct VetoCommands: ProjectCommand {
    let context: CommandContext

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
        guard !given.isBlank else {
            throw DeployError(
                .usage, what: "\(verb) needs -m WHY", why: "whoever meets the gate reads it",
                next: "deployctl help \(verb)")
        }
        return given
    }
}
