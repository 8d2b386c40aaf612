/// Forbids the promotion of the release a rollback has left, until somebody clears it.
struct VetoRelease: StepWork {
    static let id = "veto-release"
    var release: Timestamp
    var target: Timestamp

    var title: String { "Veto release \(release)" }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let why = context.origin.reason.map { ": \($0)" } ?? ""
        try context.ports.state.record(
            Veto(
                release: release, performer: context.origin.performer,
                reason: "\(context.environment.name) was rolled back from it to \(target)\(why)",
                since: context.ports.clock.now()),
            by: context.plan.timestamp)
        return "until deployctl clear \(release) -m WHY"
    }

    var failure: FailurePolicy { .warn }
}
