import FoundationEssentials

/// What the engine keeps by name: made once, never removed.
struct ContainerResources {
    let context: StepContext

    private var labels: [String: String] { ContainerLabels.of(context.environment) }

    private static let format = "{{json .Labels}}"

    /// What `ensureNetwork` starts.
    static func programsForNetwork(in layout: Layout) -> [ProgramCall] {
        programs(.network, layout.environment.networkName, in: layout)
    }

    /// What `ensureVolumes` starts.
    static func programsForVolumes(in layout: Layout) -> [ProgramCall] {
        programs(.volume, "{volume}", in: layout)
    }

    private static func programs(_ kind: ContainerCommands.Store, _ name: String, in layout: Layout)
        -> [ProgramCall]
    {
        let labels = ContainerLabels.of(layout.environment)
        return [ContainerCommands.inspect(kind, name, format: format)].calls
            + [ContainerCommands.create(kind, name, labels)].calls.when("it is not there")
    }

    func ensureNetwork() throws(DeployError) -> String {
        let name = context.environment.networkName
        return try ensure(.network, name) ? "made network \(name)" : "network \(name) is there"
    }

    func ensureVolumes(of names: [String]) throws(DeployError) {
        for name in Set(names).sorted() { _ = try ensure(.volume, name) }
    }

    /// Whether it had to be made; what another environment made is not used.
    private func ensure(_ kind: ContainerCommands.Store, _ name: String) throws(DeployError) -> Bool {
        let found = context.ports.commands.run(
            CommandRequest(ContainerCommands.inspect(kind, name, format: Self.format)))
        guard found.succeeded else {
            try context.run(
                CommandRequest(ContainerCommands.create(kind, name, labels)),
                because: "The engine's \(kind) \(name) could not be made")
            return true
        }
        let owner =
            try JSON.value(
                [String: String]?.self, from: Data(found.output.utf8), named: "The engine's answer") ?? [:]
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) where owner[key] ?? value != value {
            throw DeployError(
                .invalidDefinition, what: "The engine's \(kind) \(name) belongs to somebody else",
                why: "its label \(key) is \(owner[key] ?? ""), here it would be \(value)",
                next: "give \(kind) \(name) another name in environments/\(context.environment.name).json")
        }
        return false
    }
}
