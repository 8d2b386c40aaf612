import FoundationEssentials

/// Walks a plan, recording each step before and after it happens.
///
/// Running, resuming and taking back are this one loop over the stored list; progress, log and
/// journal are readers of what it says.
struct PlanRunner: Sendable {
    let workspace: Workspace
    let origin: Origin
    let report: @Sendable (RunEvent) -> Void
    /// Whether it goes on with a run that was interrupted, since when the machine may have been off.
    var resumed = false

    var ports: Ports { workspace.ports }

    init(
        _ workspace: Workspace, origin: Origin, report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.workspace = workspace
        self.origin = origin
        self.report = report
    }

    /// Performs every step that has not finished; on failure takes the started ones back.
    ///
    /// - Returns: what went wrong after the new release served already.
    /// - Throws: `.stepFailed` or the signal's code when the environment is as before,
    ///   `.backupFailed` when no backup could be proved, `.needsPerson` when something stays.
    @discardableResult
    func run(_ plan: Plan, as deployment: Deployment) throws(DeployError) -> [DeployError] {
        let run = try Run(plan: plan, deployment: deployment, runner: self)
        report(.began(title: title(of: plan), steps: plan.titles))
        if resumed { run.context(at: 0).endOwnPrograms("the interrupted run") }
        let finished = try finishedSteps(of: deployment)
        let done = Set(finished.map(\.position))
        let started = finished.contains { $0.step == StartInstance.id }
        let open = plan.steps.indices.filter {
            !done.contains($0) || !started && plan.steps[$0].work.vouches || resumed && !run.stands($0)
        }
        var warnings: [DeployError] = []
        var last: Run.Outcome?
        for position in open {
            let work = plan.steps[position].work
            do throws(DeployError) {
                try run.perform(work, at: position, after: &last)
                if position == open.last { try run.settle(&last) }
            } catch {
                guard work.failure == .warn else {
                    let blamed = blame(plan).added(to: error, of: work, in: plan.kind)
                    throw takeBack(run, after: run.redactor.scrub(blamed))
                }
                warnings.append(error)
            }
        }
        do throws(DeployError) { try end(run, .succeeded, nil) } catch {
            throw error.recast(as: .needsPerson, next: "deployctl resume \(plan.environment.name)")
        }
        return warnings
    }

    private func finishedSteps(of deployment: Deployment) throws(DeployError) -> [StepRecord] {
        do throws(DeployError) {
            return try ports.state.steps(of: deployment.timestamp).filter { $0.state == .finished }
        } catch {
            throw error.recast(as: .needsPerson, next: "deployctl resume \(deployment.environment)")
        }
    }

    /// Takes back whatever an unfinished run did.
    func abort(_ plan: Plan, as deployment: Deployment) throws(DeployError) {
        let run = try Run(plan: plan, deployment: deployment, runner: self)
        let began = ports.clock.now()
        report(.began(title: "Take back \(title(of: plan))", steps: plan.titles))
        ports.interruption.shield()
        run.context(at: 0).endOwnPrograms("the interrupted run")
        do throws(DeployError) { try run.unwind() } catch {
            throw error.recast(as: .needsPerson, next: Self.way(after: error, in: plan))
        }
        let traces = run.traces()
        try end(run, .interrupted, traces.isEmpty ? nil : stays(traces, after: nil, plan), since: began)
        tidy(run)
        try revive(run)
        guard traces.isEmpty else { throw stays(traces, after: nil, plan) }
    }

    private func takeBack(_ run: Run, after error: DeployError) -> DeployError {
        ports.interruption.shield()
        do throws(DeployError) {
            let moved = try run.context(at: 0).cutOverBegan()
            try run.unwind()
            let traces = run.traces()
            let final = aftermath(run).added(
                to: traces.isEmpty ? settled(error) : stays(traces, after: error, run.plan))
            try end(run, moved ? .rolledBack : .failed, final)
            tidy(run, after: error)
            return resumed ? afterReviving(run, final) : final
        } catch let second {
            return aftermath(run).added(
                to: DeployError(
                    .needsPerson, what: error.what,
                    why: "\(error.why)\nand taking it back failed: \(second.what): \(second.why)",
                    next: Self.way(after: second, in: run.plan)))
        }
    }

    /// What kept a run from being taken back is mended first.
    private static func way(after error: DeployError, in plan: Plan) -> String {
        let abort = "deployctl abort \(plan.environment.name)"
        return error.next.begins(with: "deployctl ") || error.next.isEmpty
            ? abort : "\(error.next); then \(abort)"
    }

    /// A failed deployment leaves no more on disk than a good one.
    private func tidy(_ run: Run, after error: DeployError? = nil) {
        guard run.plan.steps.contains(where: { $0.work.id == Prune.id }) else { return }
        do throws(DeployError) {
            try Pruner(workspace.site(run.plan.environment)).pruneAfterFailure()
        } catch let failure {
            // What kept the run from going on is told with it.
            guard error?.why != failure.why else { return }
            report(.warned("what the run left on disk stays until the next one: \(failure.why)"))
        }
    }

    /// The run has come to its end: what served before is all that can still be mended.
    private func afterReviving(_ run: Run, _ final: DeployError) -> DeployError {
        do throws(DeployError) { try revive(run) } catch {
            return aftermath(run).added(
                to: DeployError(
                    error.code, what: final.what, why: "\(final.why)\n\(error.what): \(error.why)",
                    next: error.next))
        }
        // What served before may have been started only now.
        return aftermath(run).added(to: final)
    }

    private func blame(_ plan: Plan) -> DatabaseBlame {
        DatabaseBlame(site: workspace.site(plan.environment))
    }

    /// What served before an interrupted run does not come back by itself when the machine was off meanwhile.
    private func revive(_ run: Run) throws(DeployError) {
        let records = workspace.site(run.plan.environment).records
        guard run.plan.kind.touchesServices, let instance = records.current else { return }
        let serving = Serving(
            instance: instance.id, release: instance.release, database: instance.database)
        do throws(DeployError) {
            let environment = try ports.state.definition(startedAs: instance.id) ?? run.plan.environment
            let context = try run.context(of: environment)
            if environment.runtime.strategy == .blueGreen { _ = try Edge(context: context).open() }
            try StopInstance(serving, afterCutover: false).undo(in: context)
        } catch {
            let trouble = blame(run.plan).trouble
            let restart = "deployctl restart \(run.plan.environment.name)"
            throw DeployError(
                .needsPerson, what: "Release \(instance.release), which served before, does not serve",
                why: trouble.map { "it does not get its database: \($0.why)" }
                    ?? "\(error.what): \(error.why)",
                next: trouble.map { "\($0.next); then \(restart)" } ?? restart)
        }
    }

    /// Codes that say the environment is as it was; anything unexpected was taken back as well.
    private func settled(_ error: DeployError) -> DeployError {
        switch error.code {
        case .interrupted, .terminated, .hungUp:
            DeployError(
                error.code, what: error.what,
                why: "\(error.code.meaning.split(at: ";")[0]); what it had done is taken back",
                next: error.next)
        case .backupFailed, .invalidDefinition, .gateRefused: error
        default: error.recast(as: .stepFailed)
        }
    }

    private func aftermath(_ run: Run) -> Aftermath {
        Aftermath(site: workspace.site(run.plan.environment), plan: run.plan)
    }

    private func stays(_ traces: [String], after error: DeployError?, _ plan: Plan) -> DeployError {
        DeployError(
            .needsPerson, what: error?.what ?? "The run was taken back, but not all of it",
            why: ([error?.why].compactMap(\.self) + traces.filter { error?.why.holds($0) != true })
                .joined(separator: "\n"),
            next: wayOn(plan))
    }

    /// Data goes back only where a proved backup is that the release was current for.
    private func wayOn(_ plan: Plan) -> String {
        let name = plan.environment.name
        guard let release = plan.previousRelease,
            (try? ports.state.backups(of: name))?.contains(where: {
                $0.release == release && $0.verified != .no
            })
                == true
        else { return "keep going with the old release; fix the cause, then run deployctl \(name)" }
        return
            "keep going with the old release, or take the data back as well: deployctl rollback \(release) --environment \(name) --data-only"
    }

    /// `since`: where its time is counted from; nil: where it began.
    ///
    /// - Throws: `.unexpected` when the state cannot be written.
    private func end(
        _ run: Run, _ outcome: Deployment.Outcome, _ error: DeployError?, since: Date? = nil
    ) throws(DeployError) {
        let now = ports.clock.now()
        let log = AuditLog(workspace: workspace, origin: origin, report: report)
        try log.conclude(AuditEntry(run.plan, by: origin, at: now), outcome.rawValue) {
            () throws(DeployError) in
            try ports.state.finish(
                run.deployment, outcome: outcome, error: error.map(run.redactor.scrub), at: now)
        }
        keepRecord(of: run.deployment)
        let seconds = now.timeIntervalSince(since ?? run.deployment.startedAt)
        report(.ended(outcome: outcome.rawValue, seconds: seconds))
    }

    private func keepRecord(of run: Deployment) {
        let records = RunRecords(workspace: workspace, environment: run.environment)
        do throws(DeployError) { try records.write(run.timestamp) } catch {
            report(.warned("how this run ended is in the state alone: \(error.what): \(error.why)"))
        }
        do throws(DeployError) { try records.removeOldest() } catch {
            report(.warned("records of old runs stay until the next run: \(error.what): \(error.why)"))
        }
    }

    private func title(of plan: Plan) -> String {
        "\(plan.kind.phrase)\(plan.release.map { " release \($0)" } ?? "") \(plan.kind.preposition) \(plan.environment.name)"
    }
}

extension Deployment.Kind {
    var phrase: String {
        switch self {
        case .deploy: "Deploy"
        case .promote: "Promote"
        case .rollback: "Roll back to"
        case .start: "Start"
        case .stop: "Stop"
        case .restart: "Restart"
        case .backup: "Back up"
        case .restore: "Restore data of"
        case .rehearsal: "Rehearse going back to"
        case .copy: "Copy a backup"
        case .feature: "Switch a feature"
        }
    }

    /// As in `the rollback of 10:52`.
    var noun: String {
        switch self {
        case .deploy: "deployment"
        case .promote: "promotion"
        case .rollback, .start, .stop, .restart, .backup, .restore, .rehearsal: rawValue
        case .copy: "copying"
        case .feature: "switch"
        }
    }

    var preposition: String {
        switch self {
        case .deploy, .promote: "to"
        case .rollback, .start, .stop, .restart, .backup, .restore, .rehearsal, .feature: "in"
        case .copy: "of"
        }
    }
}
