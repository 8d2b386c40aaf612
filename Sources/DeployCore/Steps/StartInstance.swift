/// Starts the release's services beside what runs.
struct StartInstance: StepWork {
    static let id = "start-instance"
    var instance: String
    var release: Timestamp
    var database: DatabaseLocation?
    /// Names of services that are left out because they run beside it already, and never twice; nil: none.
    var leaving: [String]?
    /// Whether the project's own tool puts it in the place of what serves; nil: it starts beside that.
    var replaces: Bool?

    var title: String {
        let left = leaving.map { ", without \($0.joined(separator: ", ")): one at a time" } ?? ""
        if replaces == true {
            return "Have the project's own tool deploy release \(release), which is the cutover"
        }
        return "Start release \(release)\(left)"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        var environment = layout.environment
        environment.services.removeAll { leaving?.contains($0.name) == true }
        return InstanceStarter.programs(
            for: instance, release, in: Layout(project: layout.project, environment: environment))
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let started = try InstanceStarter(context: context).start(
            instance, release: release, database: database, leaving: leaving ?? [])
        return started.services.map { "\($0.name) as \($0.body)" }.joined(separator: ", ")
    }

    func stands(in context: StepContext) -> Bool { context.stands(instance) }

    func undo(in context: StepContext) throws(DeployError) {
        let stopper = InstanceStopper(context: context)
        if try context.cutOverBegan() { _ = try stopper.drain(instance, upTo: context.environment.drain) }
        try stopper.discard(instance)
    }
}
