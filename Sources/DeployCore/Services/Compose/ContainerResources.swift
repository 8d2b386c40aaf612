import FoundationEssentials

/// What the engine keeps by name: made once, never removed.
struct ContainerResources {
    let context: StepContext

    /// Prints labels as JSON, for `labels`.
    static let format = "{{json .Labels}}"

    private static func labels(in layout: Layout) -> [String: String] {
        ContainerLabels.of(layout.environment).merging([ContainerLabels.site: layout.project]) { $1 }
    }

    /// What the engine printed; empty where there are none.
    static func labels(_ result: CommandResult) throws(DeployError) -> [String: String] {
        try JSON.value(
            [String: String]?.self, from: Data(result.output.utf8), named: "The engine's answer") ?? [:]
    }

    /// What `ensureNetwork` starts.
    static func programsForNetwork(in layout: Layout) -> [ProgramCall] {
        let name = layout.environment.networkName
        return [ContainerCommands.inspect(.network, name, format: format)].calls + EngineClaim.programs
            + [creating(.network, name, in: layout)].calls.when("it is not there")
    }

    /// What `missing` and `makeVolumes` start.
    static func programsForVolumes(in layout: Layout) -> [ProgramCall] {
        programsMissing(in: layout)
            + [ContainerCommands.create(.volume, "{volume}", labels(in: layout))].calls.when(
                "it is not there")
    }

    func ensureNetwork() throws(DeployError) -> String {
        let name = context.environment.networkName
        if try has(.network, name) { return "network \(name) is there" }
        try make(.network, name)
        return "made network \(name)"
    }

    /// Which of these volumes the engine does not have.
    ///
    /// - Throws: `.invalidDefinition` where one belongs to somebody else, `.stepFailed` when the engine does not answer.
    func missing(_ names: Set<String>) throws(DeployError) -> Set<String> {
        var missing: Set<String> = []
        for name in names.sorted() where try !has(.volume, name) { missing.insert(name) }
        guard !missing.isEmpty else { return [] }
        // An engine that does not answer has lost nothing.
        _ = try context.ports.engine.ids(ContainerLabels.of(context.environment))
        return missing
    }

    func makeVolumes(_ names: Set<String>) throws(DeployError) {
        for name in names.sorted() { try make(.volume, name) }
    }

    func removeVolumes(_ names: [String]) throws(DeployError) {
        for name in names where try has(.volume, name) {
            try context.run(
                CommandRequest(ContainerCommands.removeVolume(name)),
                because: "The engine's volume \(name) could not be removed")
        }
    }

    /// What making volumes that were there before starts.
    static func programsRefilling(in layout: Layout) -> [ProgramCall] {
        [ContainerCommands.create(.volume, "{volume}", labels(in: layout))].calls
    }

    /// What `missing` starts.
    static func programsMissing(in layout: Layout) -> [ProgramCall] {
        [ContainerCommands.inspect(.volume, "{volume}", format: format)].calls + EngineClaim.programs
            + [ContainerCommands.list(ContainerLabels.of(layout.environment))].calls.when("one is missing")
    }

    private static func creating(_ kind: ContainerCommands.Store, _ name: String, in layout: Layout)
        -> Command
    {
        kind == .network && layout.environment.serviceRuntime.spansMachines
            ? ContainerCommands.createSpanning(name, labels(in: layout))
            : ContainerCommands.create(kind, name, labels(in: layout))
    }

    private func make(_ kind: ContainerCommands.Store, _ name: String) throws(DeployError) {
        try context.run(
            CommandRequest(Self.creating(kind, name, in: context.layout)),
            because: "The engine's \(kind) \(name) could not be made")
    }

    /// Whether it is there; what another environment made is not used.
    private func has(_ kind: ContainerCommands.Store, _ name: String) throws(DeployError) -> Bool {
        let found = context.ports.commands.run(
            CommandRequest(ContainerCommands.inspect(kind, name, format: Self.format)))
        guard found.succeeded else { return false }
        let owner = try Self.labels(found)
        try EngineClaim(site: context.site).check(owner[ContainerLabels.site], made: "\(kind) \(name)")
        let mine = ContainerLabels.of(context.environment).sorted { $0.key < $1.key }
        for (key, value) in mine where owner[key] ?? value != value {
            throw DeployError(
                .invalidDefinition, what: "The engine's \(kind) \(name) belongs to somebody else",
                why: "its label \(key) is \(owner[key] ?? ""), here it would be \(value)",
                next: "give \(kind) \(name) another name in environments/\(context.environment.name).json")
        }
        return true
    }
}
