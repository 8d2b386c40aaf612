/// Ends the data services; what they keep stays.
struct StopData: StepWork {
    static let id = "stop-data"
    var services: [String]

    var title: String { "Stop \(services.joined(separator: ", "))" }

    func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .stopData, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try context.environment.serviceRuntime.stopData(in: context)
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.resumeData(in: context)
    }
}
