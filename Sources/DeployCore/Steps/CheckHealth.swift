/// Waits until every service of the instance answers well, from its own address.
struct CheckHealth: StepWork {
    static let id = "check-health"
    var instance: String

    var title: String { "Wait until it is healthy" }

    func programs(in layout: Layout) -> [ProgramCall] {
        HealthCheck.programs(for: instance, in: layout)
    }

    func stands(in context: StepContext) -> Bool { context.stands(instance) }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try HealthCheck(context: context).wait(for: instance, stoppable: true)
    }
}
