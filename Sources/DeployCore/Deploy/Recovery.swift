import FoundationEssentials

/// What to do with a run that was interrupted.
///
/// Decided by looking at the journal for where to look, and at the world for what happened: every
/// step may be performed or taken back again.
public struct Recovery: Sendable {
    let deployer: Deployer

    public init(deployer: Deployer) { self.deployer = deployer }

    private var state: any StateStore { deployer.ports.state }

    /// Before a new run: staging settles the old one by itself, elsewhere a person decides.
    func settleBefore(_ environment: Environment) throws(DeployError) {
        guard let unfinished = try state.unfinished(in: environment.name) else { return }
        guard Self.settlesByItself(unfinished, in: environment) else {
            throw refusal(unfinished, environment)
        }
        deployer.report(.warned("deployment \(unfinished.timestamp) was interrupted; it is settled first"))
        do throws(DeployError) { try settle(unfinished, as: .settle) } catch {
            guard error.code == .needsPerson, try state.unfinished(in: environment.name) == nil else {
                throw error
            }
            deployer.report(.warned("\(error.what): \(error.why); the run that follows goes on from there"))
        }
    }

    /// Before a dry run: nothing is settled, only said.
    func refuse(_ environment: Environment) throws(DeployError) {
        guard let unfinished = try state.unfinished(in: environment.name),
            !Self.settlesByItself(unfinished, in: environment)
        else { return }
        throw refusal(unfinished, environment)
    }

    /// A rehearsal changed nothing that serves, so there is nothing for a person to decide.
    static func settlesByItself(_ unfinished: Deployment, in environment: Environment) -> Bool {
        environment.promotion == nil || unfinished.kind == .rehearsal
    }

    /// Finishes what only had clean-up left, takes everything else back.
    func settle(_ unfinished: Deployment, as act: AuditEntry.Act) throws(DeployError) {
        let plan = try plan(of: unfinished)
        try adopt(unfinished, plan, as: act)
        endMigration(of: plan, unfinished)
        if try isSettled(plan, unfinished) {
            try resumed(plan).run(plan, as: unfinished)
        } else {
            try resumed(plan).abort(plan, as: unfinished)
        }
    }

    /// Goes on with the interrupted run of an environment.
    public func resume(_ name: String) throws(DeployError) -> RunResult {
        try deployer.exclusively(in: name, for: "deployctl resume") { () throws(DeployError) in
            guard let unfinished = try state.unfinished(in: name) else {
                return .upToDate("no unfinished run in \(name)")
            }
            let plan = try plan(of: unfinished)
            if plan.kind.needsDatabase, !(try isSettled(plan, unfinished)) {
                try refuseWithoutDatabase(plan.environment)
            }
            try adopt(unfinished, plan, as: .resume)
            endMigration(of: plan, unfinished)
            let warnings = try resumed(plan).run(plan, as: unfinished)
            return .done(try state.deployment(unfinished.timestamp) ?? unfinished, warnings: warnings)
        }
    }

    /// Takes the interrupted run of an environment back; one that serves already is finished instead.
    public func abort(_ name: String) throws(DeployError) -> RunResult {
        try deployer.exclusively(in: name, for: "deployctl abort") { () throws(DeployError) in
            guard let unfinished = try state.unfinished(in: name) else {
                return .upToDate("no unfinished run in \(name)")
            }
            if unfinished.kind != .rehearsal, try isSettled(try plan(of: unfinished), unfinished) {
                deployer.report(
                    .warned("the new release serves already: only clean-up is left, which is finished now"))
            }
            try settle(unfinished, as: .abort)
            return .done(try state.deployment(unfinished.timestamp) ?? unfinished, warnings: [])
        }
    }

    /// What goes on only to fail is not begun: it would be taken back.
    private func refuseWithoutDatabase(_ environment: Environment) throws(DeployError) {
        guard let obstacle = obstacle(of: environment) else { return }
        throw DeployError(
            .gateRefused, what: "\(environment.name) does not get its database",
            why: "\(obstacle.why)\nnothing was changed, and the run can still go on",
            next: "\(obstacle.next); then deployctl resume \(environment.name)")
    }

    private func obstacle(of environment: Environment) -> DeployError? {
        DatabaseBlame(site: deployer.workspace.site(environment)).obstacle
    }

    private func resumed(_ plan: Plan) -> PlanRunner {
        var runner = deployer.runner(plan)
        runner.resumed = true
        return runner
    }

    private func adopt(
        _ unfinished: Deployment, _ plan: Plan, as act: AuditEntry.Act
    ) throws(DeployError) {
        let entry = AuditEntry(plan, as: act, by: deployer.origin, at: deployer.ports.clock.now())
        try deployer.audit.record(entry) { () throws(DeployError) in try state.adopt(unfinished) }
    }

    /// A server may go on with a migration after deployctl and the client it ran were killed.
    private func endMigration(of plan: Plan, _ deployment: Deployment) {
        do throws(DeployError) {
            for record in try state.steps(of: deployment.timestamp) where record.state == .started {
                guard case .migrate(let work) = plan.steps[record.position] else { continue }
                let layout = deployer.workspace.site(plan.environment).layout
                try deployer.ports.databases.engine(for: layout).endMigration(in: work.location)
            }
        } catch {
            deployer.report(.warned("what runs on the database server is not known: \(error.why)"))
        }
    }

    /// Whether every step that could be taken back has finished.
    private func isSettled(_ plan: Plan, _ deployment: Deployment) throws(DeployError) -> Bool {
        let finished = Set(
            try state.steps(of: deployment.timestamp).filter { $0.state == .finished }.map(\.position))
        return plan.steps.indices.allSatisfy { plan.steps[$0].work.failure == .warn || finished.contains($0) }
    }

    private func plan(of deployment: Deployment) throws(DeployError) -> Plan {
        guard let plan = try state.plan(of: deployment.timestamp) else {
            throw DeployError(
                .unexpected, what: "Deployment \(deployment.timestamp) has no stored plan",
                why: "its record is damaged",
                next: "deployctl doctor")
        }
        return plan
    }

    private func refusal(_ unfinished: Deployment, _ environment: Environment) -> DeployError {
        DeployError(
            .unfinishedRun,
            what: "Deployment \(unfinished.timestamp) to \(unfinished.environment) was interrupted",
            why:
                "a \(unfinished.kind.rawValue) started at \(UTC.rfc3339(unfinished.startedAt)) by \(unfinished.performer) has no outcome",
            next: Self.next(after: unfinished, mending: obstacle(of: environment)))
    }

    /// What a person types about an interrupted run.
    ///
    /// `obstacle`: what keeps the application out of its database, which comes first.
    static func next(after unfinished: Deployment, mending obstacle: DeployError? = nil) -> String {
        guard unfinished.kind != .rehearsal else {
            return "nothing has to be done: the next run removes what is left of it"
        }
        let first = obstacle.map { "mend the database first: \($0.next); then " } ?? ""
        return
            "\(first)deployctl resume \(unfinished.environment), or deployctl abort \(unfinished.environment)"
    }
}

extension Deployment.Kind {
    /// Whether going on with one without its data's server can only fail.
    fileprivate var needsDatabase: Bool {
        switch self {
        case .deploy, .promote, .rollback, .restore, .backup: true
        default: false
        }
    }
}
