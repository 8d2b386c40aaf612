import DeployCore
import FoundationEssentials

/// One line of `history --json`.
struct DeploymentAnswer: Encodable, Sendable {
    let timestamp: Timestamp
    let environment: String
    let kind: String
    @OrNull var release: Timestamp?
    @OrNull var commit: String?
    @OrNull var outcome: String?
    let performer: String
    @OrNull var who: WhoAnswer?
    let trigger: String
    @OrNull var reason: String?
    let startedAt: Date
    @OrNull var seconds: Double?
    /// Gates somebody went on against.
    let overrides: [OverrideAnswer]

    struct OverrideAnswer: Encodable, Sendable {
        let gate: String
        let performer: String
        let reason: String
        let measured: String
    }

    init(_ deployment: Deployment, overrides: [GateOverride] = []) {
        self.overrides = overrides.map {
            OverrideAnswer(gate: $0.gate, performer: $0.performer, reason: $0.reason, measured: $0.measured)
        }
        timestamp = deployment.timestamp
        environment = deployment.environment
        kind = deployment.kind.rawValue
        release = deployment.release
        commit = deployment.commit
        outcome = deployment.outcome?.rawValue
        performer = deployment.performer
        who = deployment.who.map(WhoAnswer.init)
        trigger = deployment.trigger.rawValue
        reason = deployment.reason
        startedAt = deployment.startedAt
        seconds = deployment.seconds.map { ($0 * 100).rounded() / 100 }
    }
}
