/// How one environment stands: what is seen of it, and what its records say.
public struct EnvironmentStatus: Sendable {
    /// The one word for it.
    public enum State: String, Encodable, Sendable {
        case healthy, unhealthy, stopped, empty, interrupted
        /// Something ends again and again, however often it is started.
        case crashLoop = "crash loop"
    }

    public let look: EnvironmentLook
    /// The one that has the traffic, also where the run that gave it that has not come to its end; where nothing serves,
    /// the one that the last succeeded deployment made current.
    public let release: Release?
    /// Whether a run changes the environment now.
    let isBusy: Bool
    /// The newest run that was no rehearsal; nil before the first.
    public let lastDeployment: Deployment?
    /// The newest run that changed what serves: one that failed was taken back.
    let lastTouch: Deployment?
    /// nil: none was made.
    public let lastBackup: Backup?
    /// The program and recipients of the newest backup where nobody here can open it.
    public let missingKey: String?
    /// nil: every run came to its end.
    public let unfinished: UnfinishedRun?
    /// nil: nobody holds it.
    public let hold: Hold?
    /// How the definition that is written differs from the one it goes by, as a sentence; nil where it does not.
    public let waiting: String?
    /// Where it could go back to; nil where nowhere, or a run changes it now.
    public let wayBack: PricedReturn?
    /// Why it could go nowhere; nil where it could, nothing is deployed, or a run changes it now.
    public let noWayBack: String?
    /// Schedules whose last run failed, or goes on though the next is due, each as a sentence.
    public let failedSchedules: [String]

    /// What became of one of its runs; `running` or `interrupted` while that has no outcome.
    public func outcome(of run: Deployment) -> String {
        run.outcome?.rawValue ?? (isBusy ? "running" : "interrupted")
    }

    /// What is wrong with it, besides drift.
    public var problems: [String] { [unknown].compactMap(\.self) + look.problems }

    /// A first deployment is not on record before its end.
    private var unknown: String? {
        guard let release = look.facts.unknownRelease, unfinished == nil, !isBusy else { return nil }
        let environment = look.facts.environment
        let next = "deployctl \(environment.promotion?.from ?? environment.name)"
        return "release \(release) serves, and the state knows nothing of it; goes on with its data: \(next)"
    }

    public var state: State {
        if let unfinished, unfinished.concernsPeople { return .interrupted }
        guard look.facts.release != nil else { return unknown == nil ? .empty : .unhealthy }
        guard look.facts.serving != nil else {
            return lastTouch?.kind == .stop ? .stopped : .unhealthy
        }
        if !look.loops.isEmpty { return .crashLoop }
        return look.drift.isEmpty && look.problems.isEmpty ? .healthy : .unhealthy
    }
}

/// A run without an outcome, under way or interrupted.
public struct UnfinishedRun: Sendable {
    public let deployment: Deployment
    /// The last it came to; nil before the first.
    public let step: StepRecord?
    public let isRunning: Bool
    /// What keeps the application out of its database, which comes first; nil where nothing does.
    let obstacle: DeployError?

    /// What to do about it.
    public var next: String {
        isRunning ? "wait for it" : Recovery.next(after: deployment, mending: obstacle)
    }

    /// A rehearsal changed nothing that serves, so there is nothing for a person to decide.
    var concernsPeople: Bool { deployment.kind != .rehearsal && !isRunning }
}
