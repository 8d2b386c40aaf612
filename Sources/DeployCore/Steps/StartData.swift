/// Makes sure that network, volumes and data services are there before anything needs them.
struct StartData: StepWork {
    static let id = "start-data"
    /// Whose Compose file describes them.
    var release: Timestamp
    /// Whether what changed in that description is applied; otherwise they run as they were.
    var applies: Bool
    var services: [String]

    var title: String {
        guard !services.isEmpty else { return "Make the network" }
        let names = services.joined(separator: ", ")
        return applies ? "Start \(names) as the release describes" : "Start \(names) as before"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .startData(release, applying: applies), in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try context.environment.serviceRuntime.startData(release, applying: applies, in: context)
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.undoStartData(in: context)
    }

    func uphold(in context: StepContext) throws(DeployError) -> Bool {
        try context.environment.serviceRuntime.upholdData(in: context)
    }

    func stands(in context: StepContext) -> Bool {
        context.environment.serviceRuntime.dataStands(in: context)
    }
}
