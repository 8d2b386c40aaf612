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
        let certificates = try CertificateReport(context.workspace, environments).warnings()
        try context.answer(Answer(environments: environments.map(\.name), shared: findings)) {
            let names = environments.map(\.name).joined(separator: " and ")
            let idle = environments.filter(\.appServices.isEmpty).map {
                "warning: \($0.name) has no service that would serve\n"
            }.joined()
            let shared = findings.map { "shared on purpose: \($0.what)\n" }.joined()
            return
                "\(names) \(environments.count == 1 ? "is valid and shares" : "are valid and share") nothing by accident.\n\(shared)"
                + idle + certificates.map { "warning: \($0)\n" }.joined()
        }
        return .done
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
