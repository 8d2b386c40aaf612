import FoundationEssentials

/// One plan under way in this process.
struct Run {
    let plan: Plan
    let deployment: Deployment
    let runner: PlanRunner
    let redactor: Redactor
    private let secrets: [String: String]
    private let findings = RunFindings()

    private var ports: Ports { runner.ports }

    /// Fetches the secrets once, so that a missing one stops the run before its first effect.
    init(plan: Plan, deployment: Deployment, runner: PlanRunner) throws(DeployError) {
        self.plan = plan
        self.deployment = deployment
        self.runner = runner
        secrets = try Self.fetch(for: plan.kind, at: runner.workspace.site(plan.environment))
        redactor = Redactor(of: secrets)
    }

    /// By name; what only ends services goes on without one that cannot be read, and what starts a release again takes
    /// the last copy of a linked file.
    static func fetch(for kind: Deployment.Kind, at site: Site) throws(DeployError) -> [String: String] {
        var values: [String: String] = [:]
        for (name, source) in site.environment.allSecrets.sorted(by: { $0.key < $1.key }) {
            do throws(DeployError) {
                values[name] = try site.ports.secrets.fetch(source, named: name).exposed
            } catch {
                let isNew = kind == .deploy || kind == .promote
                values[name] = isNew ? nil : LinkedFiles(site: site).kept(name)
                guard kind == .stop || values[name] != nil else { throw site.settable(error, source) }
            }
        }
        return values
    }

    /// A step that ended well, observed but not yet committed.
    struct Outcome {
        var record: StepRecord
        var seconds: Double
    }

    /// Intent is committed before the effect, the outcome after it was observed, and only then told.
    ///
    /// The outcome of `last` and the intent of this step are one commit; this step's own outcome is
    /// left in `last`, for the next step or `settle`.
    func perform(_ work: any StepWork, at position: Int, after last: inout Outcome?) throws(DeployError) {
        let layout = runner.workspace.site(plan.environment).layout
        let context = context(at: position, starting: work.programs(in: layout))
        if work.failure == .unwind, ports.interruption.requested() != nil {
            try settle(&last)
            try context.checkInterruption()
        }
        let began = ports.clock.now()
        let intent = record(work, position, .started, "", began, finished: nil)
        try commit(last.map { [$0.record, intent] } ?? [intent])
        tell(&last)
        runner.report(.started(position: position + 1, title: work.title))
        do throws(DeployError) {
            let note = redactor.scrub(try work.perform(in: context))
            for warning in context.findings.warnings { runner.report(.warned(redactor.scrub(warning))) }
            let ended = ports.clock.now()
            var finished = record(work, position, .finished, note, began, finished: ended)
            finished.columns = context.findings.columns
            last = Outcome(record: finished, seconds: ended.timeIntervalSince(began))
        } catch {
            try fail(work, position, redactor.scrub(cause(of: error, in: work, context)), began)
        }
    }

    /// Where the run was asked to stop, what a program says that ended with it is no failure of its own.
    private func cause(of error: DeployError, in work: any StepWork, _ context: StepContext) -> DeployError {
        guard work.failure == .unwind, [.stepFailed, .backupFailed, .unexpected].contains(error.code) else {
            return error
        }
        do throws(DeployError) { try context.checkInterruption() } catch let stop {
            return DeployError(
                stop.code, what: stop.what, why: "\(stop.why)\n\(error.what): \(error.why)", next: stop.next)
        }
        return error
    }

    /// Commits and tells the last step's outcome.
    func settle(_ last: inout Outcome?) throws(DeployError) {
        guard let outcome = last else { return }
        try commit([outcome.record])
        tell(&last)
    }

    private func tell(_ last: inout Outcome?) {
        guard let outcome = last else { return }
        runner.report(
            .finished(
                position: outcome.record.position + 1, title: outcome.record.title, note: outcome.record.note,
                seconds: outcome.seconds))
        last = nil
    }

    private func fail(_ work: any StepWork, _ position: Int, _ error: DeployError, _ began: Date)
        throws(DeployError)
    {
        let ended = ports.clock.now()
        let state: StepRecord.State = work.failure == .warn ? .warned : .failed
        try commit([record(work, position, state, "\(error.what): \(error.why)", began, finished: ended)])
        runner.report(
            .failed(
                position: position + 1, title: work.title, error: error,
                seconds: ended.timeIntervalSince(began)))
        throw error
    }

    /// Takes back every step that was started, last first; once more where what it needs had ended and came back.
    func unwind() throws(DeployError) {
        do throws(DeployError) { try takeBackSteps() } catch {
            guard try uphold() else { throw error }
            try takeBackSteps()
        }
    }

    private func uphold() throws(DeployError) -> Bool {
        var helped = false
        for record in try ports.state.steps(of: deployment.timestamp) where record.state != .undone {
            let work = plan.steps[record.position].work
            if try work.uphold(in: context(at: record.position)) { helped = true }
        }
        return helped
    }

    /// Writing each record again before its effect is taken back is refused when another run has taken over.
    private func takeBackSteps() throws(DeployError) {
        let begun = try ports.state.steps(of: deployment.timestamp).filter { $0.state != .undone }
        var unrecorded: DeployError?
        for record in begun.sorted(by: { $0.position > $1.position }) {
            let work = plan.steps[record.position].work
            try ports.state.record(record, of: deployment)
            runner.report(.undoing(position: record.position + 1, title: work.title))
            try work.undo(in: context(at: record.position))
            // A full disk must not stop the undoing: the journal then says less than the world.
            do throws(DeployError) {
                try commit([
                    self.record(
                        work, record.position, .undone, record.note, record.startedAt,
                        finished: record.finishedAt ?? ports.clock.now())
                ])
            } catch {
                unrecorded = error
            }
            runner.report(.undone(position: record.position + 1, title: work.title))
        }
        if let unrecorded { throw unrecorded }
    }

    /// What taking back could not take back.
    func traces() -> [String] {
        let begun = (try? ports.state.steps(of: deployment.timestamp).map(\.position)) ?? []
        return begun.compactMap { plan.steps[$0].work.trace(in: context(at: $0)) }
    }

    /// Whether what a finished step did is still so.
    func stands(_ position: Int) -> Bool { plan.steps[position].work.stands(in: context(at: position)) }

    /// For what another definition started: with its settings and its secrets.
    func context(of environment: Environment) throws(DeployError) -> StepContext {
        var plan = plan
        plan.environment = environment
        let others = try Self.fetch(for: plan.kind, at: runner.workspace.site(environment))
        let (report, redactor) = (runner.report, Redactor(Array(others.values) + secrets.values))
        return StepContext(
            runner.workspace, plan: plan, origin: runner.origin, secrets: others
        ) {
            report(.noted(position: 1, text: redactor.scrub($0)))
        }
    }

    func context(at position: Int, starting calls: [ProgramCall]? = nil) -> StepContext {
        let (report, redactor) = (runner.report, redactor)
        return StepContext(
            runner.workspace, plan: plan, origin: runner.origin, starting: calls, secrets: secrets,
            isResumed: runner.resumed, run: findings
        ) {
            report(.noted(position: position + 1, text: redactor.scrub($0)))
        }
    }

    private func record(
        _ work: any StepWork, _ position: Int, _ state: StepRecord.State, _ note: String, _ began: Date,
        finished: Date?
    ) -> StepRecord {
        StepRecord(
            position: position, step: work.id, title: work.title, state: state, note: note,
            startedAt: began, finishedAt: finished)
    }

    private func commit(_ records: [StepRecord]) throws(DeployError) {
        try ports.state.record(records, of: deployment)
    }
}
