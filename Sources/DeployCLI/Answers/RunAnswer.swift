import DeployCore
import FoundationEssentials

/// How a run that changes something ended.
struct RunAnswer: Encodable, Sendable {
    let deployment: DeploymentAnswer?
    let upToDate: String?
    let warnings: [Failure]

    init(_ result: Deployer.Result) {
        switch result {
        case .done(let done, let failures):
            (deployment, upToDate, warnings) = (DeploymentAnswer(done), nil, failures.map { Failure($0) })
        case .upToDate(let sentence):
            (deployment, upToDate, warnings) = (nil, sentence, [])
        }
    }
}

/// One line of `history --json`.
struct DeploymentAnswer: Encodable, Sendable {
    let timestamp: Timestamp
    let environment: String
    let kind: String
    let release: Timestamp?
    let commit: String?
    let outcome: String?
    let performer: String
    let trigger: String
    let reason: String?
    let startedAt: Date
    let seconds: Double?

    init(_ deployment: Deployment) {
        timestamp = deployment.timestamp
        environment = deployment.environment
        kind = deployment.kind.rawValue
        release = deployment.release
        commit = deployment.commit
        outcome = deployment.outcome?.rawValue
        performer = deployment.performer
        trigger = deployment.trigger
        reason = deployment.reason
        startedAt = deployment.startedAt
        seconds = deployment.seconds.map { ($0 * 100).rounded() / 100 }
    }
}
