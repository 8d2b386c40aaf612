import DeployCore
import FoundationEssentials

/// `status --json`; absent things are null, so that a script finds every key.
struct StatusAnswer: Encodable, Sendable {
    let project: String
    let environments: [EnvironmentStatus]
    @OrNull var promotion: PromotionStatus?

    struct PromotionStatus: Encodable, Sendable {
        let ready: Bool
        /// manual, or automatic where nobody looks before production.
        let trigger: String
        let gates: [GateAnswer]
    }
}

struct EnvironmentStatus: Encodable, Sendable {
    enum State: String, Encodable, Sendable { case healthy, unhealthy, stopped, empty, interrupted }

    struct ServiceStatus: Encodable, Sendable {
        let name: String
        let state: String
        let healthy: Bool
        @OrNull var port: Int?
        @OrNull var since: Date?
    }
    struct LastDeployment: Encodable, Sendable {
        let timestamp: Timestamp
        let kind: String
        let outcome: String
        let performer: String
        @OrNull var seconds: Double?
    }
    struct LastBackup: Encodable, Sendable {
        let timestamp: Timestamp
        let verified: String
        let bytes: Int64
        let takenAt: Date
        /// The program and recipients of one that nobody here can open.
        @OrNull var needsKey: String?
    }
    struct Unfinished: Encodable, Sendable {
        let timestamp: Timestamp
        let kind: String
        @OrNull var step: String?
        let running: Bool
        let next: String
    }

    let name: String
    let state: State
    @OrNull var release: Timestamp?
    @OrNull var commit: String?
    @OrNull var url: String?
    let drift: [String]
    let problems: [String]
    let services: [ServiceStatus]
    @OrNull var lastDeployment: LastDeployment?
    @OrNull var lastBackup: LastBackup?
    @OrNull var unfinished: Unfinished?
    @OrNull var hold: String?
}
