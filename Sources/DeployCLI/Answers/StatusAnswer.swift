import DeployCore
import FoundationEssentials

/// `status --json`; absent things are null, so that a script finds every key.
struct StatusAnswer: Encodable, Sendable {
    let project: String
    let environments: [EnvironmentStatus]
    let promotion: PromotionStatus?

    struct PromotionStatus: Encodable, Sendable {
        let ready: Bool
        let gates: [GateAnswer]
    }
}

struct EnvironmentStatus: Encodable, Sendable {
    enum State: String, Encodable, Sendable { case healthy, unhealthy, stopped, empty, interrupted }

    struct ServiceStatus: Encodable, Sendable {
        let name: String
        let state: String
        let healthy: Bool
        let port: Int?
        let since: Date?
    }
    struct LastDeployment: Encodable, Sendable {
        let timestamp: Timestamp
        let kind: String
        let outcome: String
        let performer: String
        let seconds: Double?
    }
    struct LastBackup: Encodable, Sendable {
        let timestamp: Timestamp
        let verified: String
        let bytes: Int64
        let takenAt: Date
    }
    struct Unfinished: Encodable, Sendable {
        let timestamp: Timestamp
        let kind: String
        let step: String?
        let running: Bool
        let next: String
    }

    let name: String
    let state: State
    let release: Timestamp?
    let commit: String?
    let url: String?
    let drift: [String]
    let problems: [String]
    let services: [ServiceStatus]
    let lastDeployment: LastDeployment?
    let lastBackup: LastBackup?
    let unfinished: Unfinished?
    let hold: String?

    enum CodingKeys: String, CodingKey {
        case name, state, release, commit, url, drift, problems, services, lastDeployment, lastBackup,
            unfinished, hold
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(state, forKey: .state)
        try container.encode(release, forKey: .release)
        try container.encode(commit, forKey: .commit)
        try container.encode(url, forKey: .url)
        try container.encode(drift, forKey: .drift)
        try container.encode(problems, forKey: .problems)
        try container.encode(services, forKey: .services)
        try container.encode(lastDeployment, forKey: .lastDeployment)
        try container.encode(lastBackup, forKey: .lastBackup)
        try container.encode(unfinished, forKey: .unfinished)
        try container.encode(hold, forKey: .hold)
    }
}
