import DeployCore
import FoundationEssentials

/// `gates`.
struct GatesCommand {
    let context: CommandContext

    struct GatesAnswer: Encodable, Sendable {
        let environment: String
        @OrNull var release: String?
        let ready: Bool
        let gates: [GateAnswer]
    }

    func gates() throws(DeployError) -> ExitCode {
        let environment = try context.definitions.load("production")
        let proposal = try context.deployer.production().judged(environment)
        let refused = proposal.isRefused
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
}
