import DeployCore
import FoundationEssentials

/// `gates`, `diff` and `validate`.
struct LookCommands {
    let context: CommandContext

    struct GatesAnswer: Encodable, Sendable {
        let environment: String
        @OrNull var release: String?
        let ready: Bool
        let gates: [GateAnswer]
    }

    func gates() throws(DeployError) -> ExitCode {
        let environment = try context.definitions.load("production")
        let proposal = try context.deployer.gates(environment)
        let refused = proposal.gates.contains { $0.verdict.kind == .refused }
        let answer = GatesAnswer(
            environment: environment.name, release: proposal.draft.release, ready: !refused,
            gates: proposal.gates.map(GateAnswer.init))
        try context.answer(answer) {
            let title =
                "Promotion of release \(answer.release ?? "(none)") to \(answer.environment): \(refused ? "refused" : "ready")"
            return ([context.style.bold(title)] + GateAnswer.lines(answer.gates, context.style)).joined(
                separator: "\n") + "\n"
        }
        return refused ? .gateRefused : .done
    }

    struct DiffAnswer: Encodable, Sendable {
        let from: String
        let to: String
        @OrNull var fromRelease: String?
        @OrNull var toRelease: String?
        let commits: [String]
        let migrations: [String]
        /// null where the two cannot be compared.
        @OrNull var schema: SchemaAnswer?
        let definitionKeys: [String]
    }

    func diff() throws(DeployError) -> ExitCode {
        let target = try context.definitions.load("production")
        let proposal = try context.deployer.promotion(target, requested: nil)
        let source = try context.definitions.load(target.promotion?.from ?? target.name)
        let answer = DiffAnswer(
            from: source.name, to: target.name, fromRelease: proposal.draft.release,
            toRelease: proposal.draft.facts.release.map { "\($0.timestamp)" }, commits: proposal.commits,
            migrations: proposal.pendingMigrations, schema: proposal.schema.map(SchemaAnswer.init),
            definitionKeys: try DefinitionDifference.keys(source, target))
        try context.answer(answer) { text(answer) }
        return .done
    }

    private func text(_ answer: DiffAnswer) -> String {
        func block(_ title: String, _ lines: [String]) -> [String] {
            [context.style.bold(title)]
                + (lines.isEmpty ? ["  none"] : lines.map { "  " + InertText.line($0) })
        }
        let head =
            "\(answer.from) runs \(answer.fromRelease ?? "nothing"), \(answer.to) runs \(answer.toRelease ?? "nothing")"
        let lines =
            [head, ""] + block("Commits not in \(answer.to)", answer.commits)
            + block("Migrations not applied in \(answer.to)", answer.migrations)
            + block("Schema, from \(answer.to) to \(answer.from)", answer.schema?.lines ?? ["not compared"])
            + block("Definition keys that differ", answer.definitionKeys)
        return lines.joined(separator: "\n") + "\n"
    }

    struct ValidateAnswer: Encodable, Sendable {
        let environments: [String]
        let shared: [IsolationFinding]
    }

    func validate() throws(DeployError) -> ExitCode {
        let environments = try context.allEnvironments()
        let findings = Isolation.findings(
            environments, secretDigests: secretDigests(environments), project: context.project)
        let accidental = findings.filter { !$0.onPurpose }
        if let first = accidental.first {
            throw DeployError(
                .invalidDefinition, what: first.what,
                why: accidental.dropFirst().map(\.what).joined(separator: "\n"),
                next: accidental.map(\.next).joined(separator: "\n"))
        }
        try context.answer(ValidateAnswer(environments: environments.map(\.name), shared: findings)) {
            let names = environments.map(\.name).joined(separator: " and ")
            let shared = findings.map { "shared on purpose: \($0.what)\n" }.joined()
            return
                "\(names) \(environments.count == 1 ? "is" : "are") valid and share nothing by accident.\n\(shared)"
        }
        return .done
    }

    /// Digests of the values that can be fetched here; the others are compared by where they come from.
    private func secretDigests(_ environments: [Environment]) -> [String: [String: String]] {
        var digests: [String: [String: String]] = [:]
        for environment in environments {
            for (name, source) in environment.secrets {
                guard let secret = try? context.ports.secrets.fetch(source, named: name) else { continue }
                digests[environment.name, default: [:]][name] = SHA256.hexadecimal(of: secret.exposed)
            }
        }
        return digests
    }
}
