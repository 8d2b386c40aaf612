/// The behaviour of one kind of step.
protocol StepWork: Hashable, Codable, Sendable {
    /// Stable name for scripts, in kebab case.
    static var id: String { get }

    /// Imperative, without a full stop: shown by dry run, progress, journal and history alike.
    var title: String { get }

    /// Every program it starts, in the order of its work: what a plan prints, and all that `perform` may start.
    ///
    /// Not among them: programs that only take the step back, and those by which the tool finds out where it is
    /// before its first step.
    func programs(in layout: Layout) -> [ProgramCall]

    /// Does the work and returns the line worth keeping.
    ///
    /// Must be safe to run twice: after a crash the runner cannot know whether it finished.
    func perform(in context: StepContext) throws(DeployError) -> String

    /// Takes the work back, whether it finished or was cut short anywhere; safe to run twice.
    func undo(in context: StepContext) throws(DeployError)

    /// Brings back what it had made sure of, where the taking back of later steps needs it; false: it is there.
    func uphold(in context: StepContext) throws(DeployError) -> Bool

    /// What `undo` cannot take back of a step that ran, in words; nil when nothing.
    func trace(in context: StepContext) -> String?

    /// Whether what it did is still so when a run goes on that was interrupted; otherwise it is done again.
    func stands(in context: StepContext) -> Bool

    /// Whether it says that the release is what was built, which a resumed run asks again before anything starts.
    var vouches: Bool { get }

    /// What a failure here means for the deployment.
    var failure: FailurePolicy { get }
}

/// What the runner does when a step fails.
enum FailurePolicy: Hashable, Sendable {
    /// Everything done so far is taken back.
    case unwind
    /// What matters is done or does not depend on it; the run goes on and says so.
    case warn
}

extension StepWork {
    func programs(in layout: Layout) -> [ProgramCall] { [] }
    func undo(in context: StepContext) throws(DeployError) {}
    func uphold(in context: StepContext) throws(DeployError) -> Bool { false }
    func trace(in context: StepContext) -> String? { nil }
    func stands(in context: StepContext) -> Bool { true }
    var vouches: Bool { false }
    var failure: FailurePolicy { .unwind }
    var id: String { Self.id }
}
