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
        let environments = try context.environments()
        let found = try context.ports.state.deployments(
            of: context.invocation.environment, limit: context.invocation.count("limit") ?? 20)
        let answers = try found.map { one throws(DeployError) in
            DeploymentAnswer(one, overrides: try context.ports.state.overrides(of: one.timestamp))
        }
        try context.answer(Answer(deployments: answers)) {
            table(found, answers.map { $0.overrides.map(\.gate) }, subjects(of: found, in: environments))
        }
        return .done
    }

    private func subject(of one: Deployment) -> String? {
        one.release.flatMap { try? context.ports.state.release($0) }?.subject
    }

    /// By commit, of those that no release was made of.
    private func subjects(of deployments: [Deployment], in environments: [Environment]) -> [String: String] {
        environments.reduce(into: [:]) { subjects, environment in
            let failed = deployments.filter { $0.environment == environment.name && subject(of: $0) == nil }
            let asked = Set(failed.compactMap(\.commit)).sorted()
            subjects.merge(CommitSubjects(context.workspace.site(environment)).of(asked)) { $1 }
        }
    }

    /// Its name, commit and subject.
    private func release(of one: Deployment, _ subjects: [String: String]) -> String {
        guard let name = one.release else { return switched(by: one) }
        let subject = subject(of: one) ?? one.commit.flatMap { subjects[$0] } ?? ""
        return ["\(name)", one.commit.map { "(\($0.prefix(8)))" } ?? "", subject]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The feature that it switched, and its share since.
    private func switched(by one: Deployment) -> String {
        guard one.kind == .feature,
            let work = (try? context.ports.state.plan(of: one.timestamp))?.flatMap(\.switched)
        else { return "" }
        return "\(work.feature) \(work.share)"
    }

    private func table(
        _ deployments: [Deployment], _ overrides: [[String]], _ subjects: [String: String]
    ) -> String {
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
                release(of: one, subjects))
        }
        return table.text(width: context.style.width)
    }
}
