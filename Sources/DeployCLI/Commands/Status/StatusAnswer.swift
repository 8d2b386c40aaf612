import DeployCore
import FoundationEssentials

/// `status --json`; absent things are null, so that a script finds every key.
struct StatusAnswer: Encodable, Sendable {
    let project: String
    let environments: [EnvironmentAnswer]
    @OrNull var promotion: PromotionAnswer?
    /// Who kept services running and has ended; null where nobody is missed.
    @OrNull var lostKeeper: String?
    /// The account with whose last session everything ends that its manager keeps; null where nothing does.
    @OrNull var unlingering: String?

    init(_ status: Status) {
        project = status.environments.first?.look.facts.environment.project ?? ""
        environments = status.environments.map(EnvironmentAnswer.init)
        promotion = status.promotion.map(PromotionAnswer.init)
        (lostKeeper, unlingering) = (status.lostKeeper, status.unlingering)
    }

    struct PromotionAnswer: Encodable, Sendable {
        let ready: Bool
        /// manual, or automatic where nobody looks before production.
        let trigger: String
        let gates: [GateAnswer]

        init(_ promotion: Status.Promotion) {
            ready = promotion.isReady
            trigger = promotion.trigger.rawValue
            gates = promotion.gates.map(GateAnswer.init)
        }
    }
}

/// One environment in `status --json`.
struct EnvironmentAnswer: Encodable, Sendable {
    let name: String
    let state: EnvironmentStatus.State
    @OrNull var release: Timestamp?
    @OrNull var commit: String?
    @OrNull var url: String?
    @OrNull var purpose: String?
    let drift: [String]
    let problems: [String]
    let services: [ServiceAnswer]
    /// Of everything of it together; null where that has no limit.
    @OrNull var resources: ResourcesAnswer?
    @OrNull var lastDeployment: LastDeployment?
    @OrNull var lastBackup: LastBackup?
    @OrNull var unfinished: Unfinished?
    @OrNull var hold: String?
    /// null where visitors see the application.
    @OrNull var maintenance: MaintenanceAnswer?
    let features: [FeatureAnswer]
    /// How the written definition differs from the one it goes by.
    @OrNull var waiting: String?
    /// null where it can go nowhere back.
    @OrNull var wayBack: WayBackAnswer?
    /// Why it can go nowhere back; null where it can, and where nothing is deployed or a run changes it now.
    @OrNull var noWayBack: String?
    let failedSchedules: [String]
    /// Old releases that finish what they hold, oldest first.
    let draining: [DrainingAnswer]
    /// That what serves keeps files beside its code.
    @OrNull var strays: String?
    /// What lies at the https port's files; null without TLS.
    @OrNull var certificate: CertificateAnswer?

    init(_ status: EnvironmentStatus) {
        let (look, facts) = (status.look, status.look.facts)
        name = facts.environment.name
        state = status.state
        (release, commit) = (status.release?.timestamp, status.release?.commit)
        (url, purpose) = (facts.environment.url, facts.environment.purpose)
        (drift, problems) = (look.drift, status.problems)
        services = look.services.map { ServiceAnswer($0, at: look.at) }
        resources = look.use.map(ResourcesAnswer.init)
        lastDeployment = status.lastDeployment.map { LastDeployment($0, outcome: status.outcome(of: $0)) }
        lastBackup = status.lastBackup.map { LastBackup($0, missingKey: status.missingKey) }
        unfinished = status.unfinished.map(Unfinished.init)
        hold = status.hold.map { "\($0.performer): \($0.reason)" }
        (waiting, strays) = (status.waiting, look.strays)
        (wayBack, noWayBack) = (status.wayBack.map(WayBackAnswer.init), status.noWayBack)
        failedSchedules = status.failedSchedules
        draining = look.draining.map(DrainingAnswer.init)
        maintenance = look.maintenance.map(MaintenanceAnswer.init)
        certificate = look.certificate.map(CertificateAnswer.init)
        features = look.features.map(FeatureAnswer.init)
    }

    struct ServiceAnswer: Encodable, Sendable {
        let name: String
        let state: String
        let healthy: Bool
        @OrNull var port: Int?
        @OrNull var since: Date?
        /// How often it ended unasked and was started again; null where nobody keeps it, or it never did.
        @OrNull var restarts: Int?
        @OrNull var ends: String?
        /// Whether somebody stopped it and left the others running.
        let rests: Bool
        /// null where nothing limits it.
        @OrNull var resources: ResourcesAnswer?
        /// Whether it may run beside another of itself; otherwise the old one ends before the new one starts.
        let overlap: Bool

        init(_ service: ServiceLook, at now: Date) {
            name = service.name
            state = service.isUnknown ? "unknown" : service.isRunning ? "running" : "stopped"
            healthy = service.isHealthy
            (port, since, rests) = (service.port, service.since, service.rests)
            resources = service.use.map(ResourcesAnswer.init)
            overlap = !service.isSolitary
            restarts = service.care?.ends
            let sentence = service.care?.sentence(at: now) ?? ""
            ends = sentence.isEmpty ? nil : sentence
        }
    }

    struct LastDeployment: Encodable, Sendable {
        let timestamp: Timestamp
        let kind: String
        let outcome: String
        let performer: String
        @OrNull var seconds: Double?

        init(_ deployment: Deployment, outcome: String) {
            timestamp = deployment.timestamp
            kind = deployment.kind.rawValue
            self.outcome = outcome
            performer = deployment.performer
            seconds = deployment.seconds.map { ($0 * 100).rounded() / 100 }
        }
    }

    struct LastBackup: Encodable, Sendable {
        let timestamp: Timestamp
        let verified: String
        let bytes: Int64
        let takenAt: Date
        /// The program and recipients of one that nobody here can open.
        @OrNull var needsKey: String?

        init(_ backup: Backup, missingKey: String?) {
            timestamp = backup.timestamp
            verified = backup.verified.rawValue
            (bytes, takenAt) = (backup.bytes, backup.createdAt)
            needsKey = missingKey
        }
    }

    struct Unfinished: Encodable, Sendable {
        let timestamp: Timestamp
        let kind: String
        @OrNull var step: String?
        let running: Bool
        let next: String

        init(_ run: UnfinishedRun) {
            timestamp = run.deployment.timestamp
            kind = run.deployment.kind.rawValue
            step = run.step.map { "\($0.position + 1). \($0.title) (\($0.state.rawValue))" }
            (running, next) = (run.isRunning, run.next)
        }
    }
}
