import FoundationEssentials

/// One plan under way in this process.
struct Run {
    let plan: Plan
    let deployment: Deployment
    let runner: PlanRunner
    let redactor: Redactor
    private let secrets: [String: String]

    private var ports: Ports { runner.ports }

    /// Fetches the secrets once, so that a missing one stops the run before its first effect.
    init(plan: Plan, deployment: Deployment, runner: PlanRunner) throws(DeployError) {
        self.plan = plan
        self.deployment = deployment
        self.runner = runner
        secrets = try Self.fetch(plan.environment, from: runner.ports.secrets)
        redactor = Redactor(secrets.values)
    }

    static func fetch(_ environment: Environment, from store: any SecretStore) throws(DeployError) -> [String: String] {
        var values: [String: String] = [:]
        for (name, source) in environment.secrets.sorted(by: { $0.key < $1.key }) {
            values[name] = try store.fetch(source, named: name).exposed
        }
        return values
    }

    /// Intent is committed before the effect, the outcome after it was observed, and only then told.
    func perform(_ work: any StepWork, at position: Int) throws(DeployError) {
        let began = ports.clock.now()
        let context = context(at: position)
        if work.failure == .unwind { try context.checkInterruption() }
        try record(work, position, .started, "", began, finished: nil)
        runner.report(.started(position: position + 1, title: work.title))
        do throws(DeployError) {
            let note = redactor.scrub(try work.perform(in: context))
            let ended = ports.clock.now()
            try record(work, position, .finished, note, began, finished: ended)
            runner.report(
                .finished(position: position + 1, title: work.title, note: note, seconds: ended.timeIntervalSince(began)))
        } catch {
            try fail(work, position, redactor.scrub(error), began)
        }
    }

    private func fail(_ work: any StepWork, _ position: Int, _ error: DeployError, _ began: Date) throws(DeployError) {
        let ended = ports.clock.now()
        let state: StepRecord.State = work.failure == .warn ? .warned : .failed
        try record(work, position, state, "\(error.what): \(error.why)", began, finished: ended)
        runner.report(
            .failed(position: position + 1, title: work.title, error: error, seconds: ended.timeIntervalSince(began)))
        throw error
    }

    /// Takes back every step that was started, last first.
    ///
    /// Writing each record again before its effect is taken back is refused when another run has taken over.
    func unwind() throws(DeployError) {
        let begun = try ports.state.steps(of: deployment.timestamp).filter { $0.state != .undone }
        for record in begun.sorted(by: { $0.position > $1.position }) {
            let work = plan.steps[record.position].work
            try ports.state.record(record, of: deployment)
            runner.report(.undoing(position: record.position + 1, title: work.title))
            try work.undo(in: context(at: record.position))
            try self.record(
                work, record.position, .undone, record.note, record.startedAt, finished: ports.clock.now())
            runner.report(.undone(position: record.position + 1, title: work.title))
        }
    }

    /// What taking back could not take back.
    func traces() -> [String] {
        let begun = (try? ports.state.steps(of: deployment.timestamp).map(\.position)) ?? []
        return begun.compactMap { plan.steps[$0].work.trace(in: context(at: $0)) }
    }

    func cutOverBegan() throws(DeployError) -> Bool {
        try ports.state.steps(of: deployment.timestamp).contains { $0.step == CutOver.id }
    }

    private func context(at position: Int) -> StepContext {
        let (report, redactor) = (runner.report, redactor)
        return StepContext(ports: ports, plan: plan, project: runner.project, origin: runner.origin, secrets: secrets) {
            report(.noted(position: position + 1, text: redactor.scrub($0)))
        }
    }

    private func record(
        _ work: any StepWork, _ position: Int, _ state: StepRecord.State, _ note: String, _ began: Date,
        finished: Date?
    ) throws(DeployError) {
        try ports.state.record(
            StepRecord(
                position: position, step: work.id, title: work.title, state: state, note: note, startedAt: began,
                finishedAt: finished),
            of: deployment)
    }
}
