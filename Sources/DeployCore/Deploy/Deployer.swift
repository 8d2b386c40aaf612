import FoundationEssentials

/// Who changes environments, where, and with which word: what every verb is carried out with.
public struct Deployer: Sendable {
    public let workspace: Workspace
    public let definitions: DefinitionLoader
    private let askOrigin: @Sendable () -> Origin
    private let overrides: Bool
    /// What the next release is called, where no younger name is taken; nil for the time of day.
    private let releaseName: Timestamp?
    /// How long to wait for another run; nil: not at all.
    public let lockWait: Duration?
    public let report: @Sendable (RunEvent) -> Void
    /// What is otherwise here than in the definitions that were deployed.
    var adjust: @Sendable (Environment) -> Environment = { $0 }
    /// Whether it brings up what a kit placed; nobody else changes the project until all of that serves.
    var isAdopting = false

    public init(
        _ workspace: Workspace, definitions: DefinitionLoader,
        origin: @escaping @autoclosure @Sendable () -> Origin, overriding: Bool = false,
        lockWait: Duration? = nil, releaseName: Timestamp? = nil,
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.releaseName = releaseName
        self.workspace = workspace
        self.definitions = definitions
        askOrigin = origin
        overrides = overriding
        self.lockWait = lockWait
        self.report = report
    }

    public var ports: Ports { workspace.ports }

    /// Who runs this and what set it off; asked only by what changes something, because git has to say it.
    public var origin: Origin { askOrigin() }

    /// The same for a run that no key names.
    var withoutIdempotencyKey: Deployer { changed { $0.idempotencyKey = nil } }

    /// The same for a run that is asked for with these words.
    func wishing(_ wish: [String]) -> Deployer { changed { $0.wish = wish } }

    private func changed(_ change: @escaping @Sendable (inout Origin) -> Void) -> Deployer {
        let ask = askOrigin
        var changed = Deployer(
            workspace, definitions: definitions, origin: Self.changed(ask(), change), overriding: overrides,
            lockWait: lockWait, releaseName: releaseName, report: report)
        (changed.adjust, changed.isAdopting) = (adjust, isAdopting)
        return changed
    }

    private static func changed(_ origin: Origin, _ change: (inout Origin) -> Void) -> Origin {
        var origin = origin
        change(&origin)
        return origin
    }

    /// Gates this person goes on against.
    var wantedOverrides: [GateOverride] { overrides ? origin.overrides : [] }

    public var audit: AuditLog { AuditLog(workspace: workspace, origin: origin, report: report) }

    var collector: FactsCollector { FactsCollector(workspace) }
    var deployedDefinitions: DeployedDefinitions {
        var deployed = DeployedDefinitions(ports, written: definitions)
        deployed.adjust = adjust
        return deployed
    }
    /// The same for a project that is tried beside the one that serves.
    public var besideTheLiveOne: Deployer {
        var trial = self
        trial.adjust = KitDrill.beside
        return trial
    }
    var adopting: Deployer {
        var adopting = self
        adopting.isAdopting = true
        return adopting
    }
    var freshData: FreshDataSource { FreshDataSource(workspace: workspace, definitions: deployedDefinitions) }
    var hookRefusal: HookRefusal {
        HookRefusal(origin: origin, definitions: definitions, state: ports.state)
    }
    /// - Throws: `.notConfirmed` for a hook, or what one left behind, where releases are promoted to the environment.
    public func refuseHook(in environment: String) throws(DeployError) {
        try hookRefusal.check(environment)
    }
    /// Whether whoever runs this may propose a change of the environment, and not carry one out.
    func onlyProposes(in environment: String) -> Bool {
        origin.trigger == .agent && hookRefusal.guards(environment)
    }
    private var home: DefinitionHome { DefinitionHome(workspace: workspace, used: definitions) }

    /// What a deployment depends on that reads or changes the data.
    ///
    /// - Throws: as `facts(of:)`, and why the data cannot be read.
    func readableFacts(of environment: Environment) throws(DeployError) -> EnvironmentFacts {
        let facts = try facts(of: environment)
        try facts.refuseLost(backups: try ports.state.backups(of: environment.name))
        try facts.refuseDenied()
        try facts.refuseUnreadable()
        if environment.backup.beforeDeploy, facts.hasData {
            try ClientCheck(commands: ports.commands).refuseMissing(environment)
        }
        return facts
    }

    /// What a deployment depends on, where nothing that can be known before speaks against one.
    func facts(of environment: Environment) throws(DeployError) -> EnvironmentFacts {
        var facts = try collector.collect(environment)
        let site = workspace.site(facts.environment)
        try Preflight(site: site).check()
        facts.lacksCertificate = site.lacksCertificate
        return facts
    }

    /// Consent to exactly this proposal, given now.
    func approval(of proposal: Proposal, by means: Approval.Means) -> Approval {
        Approval(
            planID: proposal.planID, performer: origin.performer, means: means, approvedAt: ports.clock.now())
    }

    /// Nobody else changes the environment during `body`, hooks and clean-up included.
    ///
    /// - Throws: `.needsPerson` where the state is lost, `.invalidDefinition` where another folder's definition or a
    ///   stranger's folder would be used, `.notConfirmed` for a hook where it may not go, `.locked` while somebody else is at it.
    public func exclusively<Value>(
        in environment: String, for purpose: String, _ body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        try home.refuseOther(for: environment)
        try hookRefusal.check(environment)
        if let loss = try ports.state.loss() { throw loss }
        try home.refuseStrangers(of: environment)
        let lock = try EnvironmentLock(workspace)
            .acquire(environment, for: purpose, origin: origin, waiting: lockWait, report: report)
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    /// - Throws: `.unfinishedRun` where a person has to settle an interrupted run first.
    public func refuseUnfinished(_ environment: Environment) throws(DeployError) {
        try Recovery(deployer: self).refuse(environment)
    }

    /// The first run's result when this key was used before, for the same.
    func earlier(in environment: String) throws(DeployError) -> RunResult? {
        guard let key = origin.idempotencyKey, let first = try ports.state.deployment(idempotencyKey: key)
        else { return nil }
        return try IdempotentRepeat(first: first, environment: environment, wish: origin.wish).result()
    }
}

/// The verbs; each only says what it would do, until it is told to.
extension Deployer {
    /// A commit, as git calls it, is built and deployed to `staging`.
    public func staging(reference: String) -> Staging { Staging(deployer: self, reference: reference) }

    /// A release, as a person names it, is promoted; nil: the one the source serves.
    ///
    /// `unproved`: whether the backup before it counts without a proof.
    public func production(
        _ name: String = "production", release requested: String? = nil, unproved: Bool = false
    ) -> Production {
        Production(deployer: self, name: name, requested: requested, unproved: unproved)
    }

    public func rollback(_ name: String, to request: RollbackRequest) -> Rollback {
        Rollback(deployer: self, name: name, request: request)
    }

    /// One service, or all of them when it is nil, are started, stopped or restarted; or a backup is made.
    public func operation(_ kind: Operation.Kind, of name: String, service: String?) -> Operation {
        Operation(deployer: self, kind: kind, name: name, service: service)
    }

    /// A feature gets another share.
    public func feature(_ feature: String, of name: String, to share: FeatureShare) -> FeatureChange {
        FeatureChange(deployer: self, name: name, feature: feature, share: share)
    }

    /// A backup, or when it is nil the newest that is not copied, is brought off the machine.
    public func backupCopying(_ backup: Timestamp?, of name: String) -> BackupCopying {
        BackupCopying(deployer: self, backup: backup, name: name)
    }
}

extension Deployer {
    /// Gives the draft its names, stores it with its approval, and runs it.
    func carryOut(
        _ draft: PlanDraft, approval: Approval?, overrides: [GateOverride] = []
    ) throws(DeployError) -> RunResult {
        guard !draft.plan(named: .placeholder).steps.isEmpty else { return .upToDate("no step is needed") }
        _ = try Run.fetch(for: draft.kind, at: workspace.site(draft.facts.environment))
        let now = ports.clock.now()
        // One that lies ahead would lead all later names astray.
        let free = try ports.state.nextTimestamps(3, at: releaseName.map { min($0.date, now) } ?? now)
        let names = PlanNames(deployment: free[0], backup: free[1], retired: free[2])
        let plan = draft.plan(named: names)
        hideFromGit(plan)
        if plan.kind.movesRelease { try rememberLogs(plan) }
        var origin = origin
        origin.overrides = overrides
        let deployment = try begin(plan, origin, approval, at: now)
        let warnings = try runner(plan).run(plan, as: deployment)
        return .done(try ports.state.deployment(deployment.timestamp) ?? deployment, warnings: warnings)
    }

    private func begin(
        _ plan: Plan, _ origin: Origin, _ approval: Approval?, at now: Date
    ) throws(DeployError) -> Deployment {
        try audit.record(AuditEntry(plan, by: origin, at: now)) { () throws(DeployError) in
            try ports.state.begin(plan, origin: origin, approval: approval, at: now)
        } revert: { deployment, error in
            try? ports.state.finish(deployment, outcome: .failed, error: error, at: now)
        }
    }

    /// A folder that cannot be made is told of by the step that needs it.
    ///
    /// One of backups that is gone though there are some may be a disk that is not mounted.
    private func hideFromGit(_ plan: Plan) {
        let layout = workspace.site(plan.environment).layout
        let ignored = IgnoredFolder(files: ports.files, project: layout.project)
        try? ignored.makeTool()
        try? ignored.make(layout.logs, own: [Path.name(layout.toolLogs)])
        guard plan.backup != nil, (try? ports.state.backups(of: plan.environment.name))?.isEmpty == true
        else { return }
        try? ignored.make(Path.parent(layout.backups))
    }

    /// Where the service logs end now, so that later it is known what this deployment wrote.
    private func rememberLogs(_ plan: Plan) throws(DeployError) {
        let site = workspace.site(plan.environment)
        let layout = site.layout
        // Where logs end does not depend on it.
        try? LogCare(site: site, definitions: deployedDefinitions).turn(pieces: 16)
        var positions: [String: LogPosition] = [:]
        for service in plan.environment.services where service.role == .app {
            positions[service.name] = LogFiles(ports: ports, path: layout.serviceLog(service.name)).end
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
            let failure = log.write(event)
            report(event)
            guard let failure, case .began = event else { return }
            report(.warned("this run has no log: \(failure.what): \(failure.why)"))
        }
    }
}
