import DeployCore
import FoundationEssentials

extension Verb {
    static let validate = Verb(
        "validate", .look, summary: "Check the definitions and that environments do not collide",
        paragraph: """
            Reads every definition, names each mistake with file, line and key, and checks that no port, database, \
            folder, network or secret is shared by accident.
            """,
        examples: ["deployctl validate", "deployctl validate --environments deploy/environments"],
        exits: [.invalidDefinition],
        body: .inProject(ValidateCommand.run))
}

/// `validate`.
struct ValidateCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let environments: [String]
        let shared: [IsolationFinding]
        /// What the newest commit lacks of what the definitions count on, or has in vain.
        let findings: [DoctorCommand.Answer.Check]
    }

    func run() throws(DeployError) -> ExitCode {
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
        try TrackedSecrets(context.workspace).refuse(environments)
        try TrackedPrograms(context.workspace).refuse(environments)
        let certificates = try CertificateReport(context.workspace, environments).warnings()
        let gaps = environments.flatMap { CommitCheck(context.workspace.site($0)).findings }
        if let first = gaps.refused.first {
            throw DeployError(
                .invalidDefinition, what: "\(first.id): \(first.verdict.measured)",
                why: "what the commit has there would not be in any release", next: first.verdict.next)
        }
        let answer = Answer(
            environments: environments.map(\.name), shared: findings,
            findings: gaps.map { gap in
                .init(
                    id: gap.id, verdict: gap.verdict.kind.rawValue, measured: gap.verdict.measured,
                    next: gap.verdict.next)
            })
        try context.answer(answer) {
            let names = environments.map(\.name).joined(separator: " and ")
            let idle = environments.filter(\.appServices.isEmpty).map {
                "warning: \($0.name) has no service that would serve\n"
            }.joined()
            let unkept = environments.compactMap(context.workspace.obstacleToLimits(of:)).map {
                "warning: \($0)\n"
            }.joined()
            let shared = findings.map { "shared on purpose: \($0.what)\n" }.joined()
            return
                "\(names) \(environments.count == 1 ? "is valid and shares" : "are valid and share") nothing by accident.\n\(shared)"
                + idle + unkept + certificates.map { "warning: \($0)\n" }.joined() + text(gaps)
        }
        return .done
    }

    /// What is wrong in several environments is said once.
    private func text(_ gaps: [Finding]) -> String {
        let width = context.style.width
        let first = gaps.indices.filter { index in
            !gaps[..<index].contains { $0.verdict == gaps[index].verdict }
        }
        return first.map { gaps[$0].verdict }.map { verdict in
            let names = gaps.filter { $0.verdict == verdict }.map(\.id).joined(separator: ", ")
            return Wrap.hanging(
                InertText.line("\(names): \(verdict.measured)"), after: "warning: ", width: width) + "\n"
                + Wrap.hanging(InertText.line(verdict.next), after: "         → ", width: width) + "\n"
        }.joined()
    }

    /// Digests of the values that can be fetched here; the others are compared by where they come from.
    private func secretDigests(_ environments: [Environment]) -> [String: [String: String]] {
        var digests: [String: [String: String]] = [:]
        for environment in environments {
            for (name, source) in environment.secretsToCompare {
                guard let secret = try? context.ports.secrets.fetch(source, named: name) else { continue }
                digests[environment.name, default: [:]][name] = SHA256.hexadecimal(of: secret.exposed)
            }
        }
        return digests
    }
}
