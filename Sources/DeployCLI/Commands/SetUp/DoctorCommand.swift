import DeployCore
import FoundationEssentials

extension Verb {
    static let doctor = Verb(
        "doctor", .look, summary: "Check the machine: tools, versions, space, permissions",
        paragraph:
            "Checks that this machine has what this project's definitions need and says how to install what is missing.",
        examples: ["deployctl doctor", "deployctl doctor --isolation", "deployctl doctor --json"],
        flags: [
            Flag(
                "isolation",
                "Try from inside each environment to reach the other's services and database; all must fail"
            )
        ],
        exits: [.invalidDefinition, .unhealthy],
        body: .inProject(DoctorCommand.run))
}

/// What this machine must have for this project, each with how to get it.
struct DoctorCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        struct Check: Encodable, Sendable {
            let id: String
            let verdict: String
            let measured: String
            let next: String
        }
        let checks: [Check]
    }

    func run() throws(DeployError) -> ExitCode {
        let checks = try reports().map {
            Answer.Check(
                id: $0.id, verdict: $0.verdict.kind.rawValue, measured: $0.verdict.measured,
                next: Self.next($0.verdict.next))
        }
        try context.answer(Answer(checks: checks)) {
            var table = TextTable()
            for check in checks { table.add(check.verdict, check.id, check.measured) }
            return zip(checks, table.lines(width: context.style.width)).map { check, line in
                let next =
                    check.next.isEmpty
                    ? ""
                    : Wrap.hanging(
                        InertText.line(check.next), after: "         → ", width: context.style.width)
                        + "\n"
                return (check.verdict == "refused" ? context.style.bad(line) : line) + "\n" + next
            }.joined()
        }
        return checks.contains { $0.verdict == "refused" } ? .unhealthy : .done
    }

    /// Who reads this has run it.
    private static func next(_ advice: String) -> String {
        advice.begins(with: "deployctl doctor")
            ? "mend what this line says, then run deployctl doctor again" : advice
    }

    private func reports() throws(DeployError) -> [Finding] {
        if context.invocation.has("isolation") {
            return IsolationProof(context.workspace)
                .reports(try context.allEnvironments())
        }
        let keeper = try KeeperCheck(context.workspace, boot: context.boot)
            .finding(try context.definitions.loadAll())
        return try MachineCheck(context.workspace, definitions: context.definitions, keeper: keeper).all()
    }
}
