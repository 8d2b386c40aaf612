/// Forbids the promotion of the release a rollback has left, until somebody clears it.
public struct VetoRelease: StepWork {
    public static let id = "veto-release"
    public var release: Timestamp
    public var target: Timestamp

    public init(release: Timestamp, target: Timestamp) {
        self.release = release
        self.target = target
    }

    public var title: String { "Veto release \(release)" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let why = context.origin.reason.map { ": \($0)" } ?? ""
        try context.ports.state.record(
            Veto(
                release: release, performer: context.origin.performer,
                reason: "\(context.environment.name) was rolled back from it to \(target)\(why)",
                since: context.ports.clock.now()),
            by: context.plan.timestamp)
        return "until deployctl clear \(release) -m WHY"
    }

    public var failure: FailurePolicy { .warn }
}
