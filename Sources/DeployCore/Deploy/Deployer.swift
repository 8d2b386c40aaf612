import FoundationEssentials

/// The verbs that change an environment; each ends in one stored plan run by the runner.
public struct Deployer: Sendable {
    public let workspace: Workspace
    public let definitions: DefinitionLoader
    private let askOrigin: @Sendable () -> Origin
    private let overrides: Bool
    public let lockWait: Duration?
    public let report: @Sendable (RunEvent) -> Void

    public init(
        _ workspace: Workspace, definitions: DefinitionLoader,
        origin: @escaping @autoclosure @Sendable () -> Origin, overriding: Bool = false,
        lockWait: Duration? = nil,
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.workspace = workspace
        self.definitions = definitions
        askOrigin = origin
        overrides = overriding
        self.lockWait = lockWait
        self.report = report
    }

    public var ports: Ports { workspace.ports }
    public var project: String { workspace.project }

    /// Who runs this and what set it off; asked only by what changes something, because git has to say it.
    public var origin: Origin { askOrigin() }

    /// Gates this person goes on against.
    var wantedOverrides: [GateOverride] { overrides ? origin.overrides : [] }

    /// How a verb ended.
    public enum Result: Sendable {
        case done(Deployment, warnings: [DeployError])
        /// Nothing had to change.
        case upToDate(String)
    }

    func backupReader(_ environment: Environment) -> BackupReader {
        BackupReader(workspace.site(environment))
    }

    var collector: FactsCollector { FactsCollector(workspace) }

    /// Gives the draft its names, stores it with its approval, and runs it.
    func carryOut(
        _ draft: PlanDraft, approval: Approval?, overrides: [GateOverride] = []
    ) throws(DeployError) -> Result {
        guard !draft.plan(named: .placeholder).steps.isEmpty else { return .upToDate("no step is needed") }
        _ = try Run.fetch(draft.facts.environment, from: ports.secrets)
        let now = ports.clock.now()
        let free = try ports.state.nextTimestamps(3, at: now)
        let names = PlanNames(deployment: free[0], backup: free[1], retired: free[2])
        let plan = draft.plan(named: names)
        if plan.kind.movesRelease { try rememberLogs(plan) }
        var origin = origin
        origin.overrides = overrides
        // A rollback asked for later with the same key is not done by it.
        if plan.kind == .rehearsal { origin.idempotencyKey = nil }
        let deployment = try ports.state.begin(plan, origin: origin, approval: approval, at: now)
        let warnings = try runner(plan).run(plan, as: deployment)
        return .done(try ports.state.deployment(deployment.timestamp) ?? deployment, warnings: warnings)
    }

    /// Where the service logs end now, so that later it is known what this deployment wrote.
    private func rememberLogs(_ plan: Plan) throws(DeployError) {
        let layout = workspace.site(plan.environment).layout
        var positions: [String: Int64] = [:]
        for service in plan.environment.services where service.role == .app {
            positions[service.name] = ports.files.size(of: layout.serviceLog(service.name)) ?? 0
        }
        try ports.state.record(positions, of: plan.timestamp)
    }

    func runner(_ plan: Plan) -> PlanRunner {
        let log = RunLog(
            files: ports.files, clock: ports.clock,
            path: workspace.site(plan.environment).layout.runLog(plan.timestamp),
            deployment: plan.timestamp)
        let report = report
        return PlanRunner(workspace, origin: origin) { event in
            log.write(event)
            report(event)
        }
    }

    /// Holds the lock for the whole verb, hooks and clean-up included.
    public func locked<Value>(
        _ environment: String, for purpose: String, _ body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        if !origin.trigger.hasSomebody, try definitions.load(environment).promotion != nil { try refuseHooks() }
        let lock = EnvironmentLock(workspace)
        let held = try lock.acquire(environment, for: purpose, origin: origin, waiting: lockWait)
        defer { withExtendedLifetime(held) {} }
        try lock.refuseHeld(environment)
        return try body()
    }

    /// - Throws: `.unfinishedRun` where a person has to settle an interrupted run first.
    public func refuseUnfinished(_ environment: Environment) throws(DeployError) {
        try Recovery(deployer: self).refuse(environment)
    }

    /// The first run's result when this key was used before.
    func earlier() throws(DeployError) -> Result? {
        guard let key = origin.idempotencyKey, let first = try ports.state.deployment(idempotencyKey: key)
        else {
            return nil
        }
        guard first.outcome == .succeeded else {
            throw first.error
                ?? DeployError(
                    .unfinishedRun, what: "The run with this idempotency key has not ended",
                    why: "deployment \(first.timestamp) is under way or was interrupted",
                    next: "deployctl show \(first.timestamp)")
        }
        return .upToDate("deployment \(first.timestamp) did this already")
    }
}
