/// Makes sure that network, volumes and data services are there before anything needs them.
public struct StartData: StepWork {
    public static let id = "start-data"
    /// Whose Compose file describes them.
    public var release: Timestamp
    /// Whether what changed in that description is applied; otherwise they run as they were.
    public var applies: Bool
    public var services: [String]

    public init(release: Timestamp, applies: Bool, services: [String]) {
        self.release = release
        self.applies = applies
        self.services = services
    }

    public var title: String {
        guard !services.isEmpty else { return "Make the network" }
        let names = services.joined(separator: ", ")
        return applies ? "Start \(names) as the release describes" : "Start \(names) as before"
    }

    public func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .startData(release, applying: applies), in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try context.environment.serviceRuntime.startData(release, applying: applies, in: context)
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.undoStartData(in: context)
    }
}

/// Ends the data services; what they keep stays.
public struct StopData: StepWork {
    public static let id = "stop-data"
    public var services: [String]

    public init(services: [String]) { self.services = services }

    public var title: String { "Stop \(services.joined(separator: ", "))" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .stopData, in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try context.environment.serviceRuntime.stopData(in: context)
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.environment.serviceRuntime.resumeData(in: context)
    }
}
