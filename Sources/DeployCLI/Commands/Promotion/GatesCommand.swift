import DeployCore
import FoundationEssentials

extension Verb {
    static let gates = Verb(
        "gates", .look, summary: "Show every promotion gate and how to pass it",
        paragraph: "Shows each gate's verdict, the measured value, how to pass it and when it opens.",
        examples: ["deployctl gates", "deployctl gates --json"],
        exits: [.invalidDefinition, .gateRefused],
        body: .inProject(GatesCommand.run))
}

/// `gates`.
struct GatesCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let environment: String
        @OrNull var release: String?
        let ready: Bool
        let gates: [GateAnswer]
    }

    func run() throws(DeployError) -> ExitCode {
        let environment = try context.definitions.load("production")
        let proposal = try context.deployer.production().judged(environment)
        let refused = proposal.isRefused
        let answer = Answer(
            environment: environment.name, release: proposal.draft.release, ready: !refused,
            gates: proposal.gates.map(GateAnswer.init))
        try context.answer(answer) {
            let title =
                "Promotion of \(answer.release.map { "release \($0)" } ?? "nothing") to \(answer.environment): \(refused ? "refused" : "ready")"
            return ([context.style.bold(title)] + GateAnswer.lines(answer.gates, context.style)).joined(
                separator: "\n") + "\n"
        }
        return refused ? .gateRefused : .done
    }
}
