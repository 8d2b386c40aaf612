/// Starts the release's services beside what runs.
struct StartInstance: StepWork {
    static let id = "start-instance"
    var instance: String
    var release: Timestamp
    var database: DatabaseLocation?

    var title: String { "Start release \(release)" }

    func programs(in layout: Layout) -> [ProgramCall] {
        InstanceStarter.programs(for: instance, release, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let started = try InstanceStarter(context: context).start(
            instance, release: release, database: database)
        return started.services.map { "\($0.name) as \($0.body)" }.joined(separator: ", ")
    }

    func stands(in context: StepContext) -> Bool { context.stands(instance) }

    func undo(in context: StepContext) throws(DeployError) {
        let stopper = InstanceStopper(context: context)
        if try context.cutOverBegan() { _ = try stopper.drain(instance, upTo: context.environment.drain) }
        try stopper.discard(instance)
    }
}
