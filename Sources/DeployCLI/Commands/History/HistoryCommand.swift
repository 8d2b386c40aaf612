import DeployCore

extension Verb {
    static let history = Verb(
        "history", .look, operands: [.environment.optional],
        summary: "List deployments, newest first",
        paragraph:
            "Lists deployments with what they made current, who ran them, how long they took and how they ended.",
        examples: ["deployctl history", "deployctl history production -n 5"],
        flags: [
            .environment,
            Flag("limit", short: "n", value: .count("N"), "How many to list; default: 20"),
        ],
        exits: [.invalidDefinition, .notFound], aliases: [["releases"]],
        body: .inProject(HistoryCommand.run))
}

/// `history`.
struct HistoryCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable { let deployments: [DeploymentAnswer] }

    func run() throws(DeployError) -> ExitCode {
        _ = try context.environments()
        let found = try context.ports.state.deployments(
            of: context.invocation.environment, limit: context.invocation.count("limit") ?? 20)
        let answers = try found.map { one throws(DeployError) in
            DeploymentAnswer(one, overrides: try context.ports.state.overrides(of: one.timestamp))
        }
        try context.answer(Answer(deployments: answers)) {
            table(found, answers.map { $0.overrides.map(\.gate) })
        }
        return .done
    }

    /// Its name, commit and subject.
    private func release(of one: Deployment) -> String {
        guard let name = one.release else { return "" }
        let subject = (try? context.ports.state.release(name))?.map(\.subject) ?? ""
        return ["\(name)", one.commit.map { "(\($0.prefix(8)))" } ?? "", subject]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func table(_ deployments: [Deployment], _ overrides: [[String]]) -> String {
        guard !deployments.isEmpty else { return "Nothing has been deployed yet.\n" }
        var table = TextTable(header: [
            "DEPLOYMENT", "WHEN", "WHAT", "OUTCOME", "TOOK", "BY", "RELEASE",
        ])
        let now = context.ports.clock.now()
        for (one, gates) in zip(deployments, overrides) {
            table.add(
                "\(one.timestamp)", HumanText.age(of: one.startedAt, at: now),
                "\(one.kind.rawValue) \(one.environment)",
                HumanText.outcome(one.outcome?.rawValue ?? "unfinished")
                    + (gates.isEmpty ? "" : " against \(gates.joined(separator: ", "))"),
                one.seconds.map(HumanText.duration) ?? "",
                Who.label(String(one.performer.split(at: "@").first ?? ""), one.who),
                release(of: one))
        }
        return table.text(width: context.style.width)
    }
}
