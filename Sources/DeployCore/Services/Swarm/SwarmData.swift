import FoundationEssentials

/// What outlives releases runs as containers of this machine alone, which has their volumes and deployctl's state: no swarm
/// can start it on another machine. The network reaches all machines.
extension SwarmRuntime: DataRuntime {
    var runsData: Bool { true }
    var spansMachines: Bool { true }

    func startData(_ release: Timestamp, applying: Bool, in context: StepContext) throws(DeployError)
        -> String
    {
        guard !context.environment.dataServices.isEmpty else {
            return try ContainerResources(context: context).ensureNetwork()
        }
        try DataMachine(site: context.site).refuseElsewhere()
        let said = try ComposeRuntime().startData(release, applying: applying, in: context)
        try DataMachine(site: context.site).record()
        return said
    }

    func programs(startingData release: Timestamp, _ applying: Bool, in layout: Layout) -> [ProgramCall] {
        guard !layout.environment.dataServices.isEmpty else {
            return ContainerResources.programsForNetwork(in: layout)
        }
        return DataMachine.programs(in: layout)
            + ComposeRuntime().programs(for: .startData(release, applying: applying), in: layout)
    }

    func checkData(_ unit: ComposeUnit, in context: StepContext) throws(DeployError) {
        let here = try context.ports.swarm.membership()
        for service in context.environment.dataServices.map(\.name) {
            let placement = unit.file.service(service)?["deploy"]?["placement"]
            let constraints = placement?["constraints"]?.items.compactMap(\.text) ?? []
            for constraint in constraints where !here.satisfies(constraint) {
                throw unit.file.refusal(
                    "services.\(service).deploy.placement",
                    "data stays on the machine that deployctl runs on, \(Shown.text(here.name)), and \(Shown.text(constraint)) leads elsewhere",
                    next: "remove it, or run deployctl on that machine")
            }
        }
    }

    func hasDescribedData(at site: Site) -> Bool { ComposeRuntime().hasDescribedData(at: site) }

    func dataLosses(at site: Site) -> [String] { ComposeRuntime().dataLosses(at: site) }

    func lostData(at site: Site) -> DeployError? {
        ComposeRuntime().lostData(at: site).map { DataMachine(site: site).elsewhere ?? $0 }
    }

    func dataStands(in context: StepContext) -> Bool {
        context.environment.dataServices.isEmpty || ComposeRuntime().dataStands(in: context)
    }

    func upholdData(in context: StepContext) throws(DeployError) -> Bool {
        try DataMachine(site: context.site).refuseElsewhere()
        return try ComposeRuntime().upholdData(in: context)
    }

    func undoStartData(in context: StepContext) throws(DeployError) {
        try ComposeRuntime().undoStartData(in: context)
    }

    func stopData(in context: StepContext) throws(DeployError) -> String {
        try ComposeRuntime().stopData(in: context)
    }

    func resumeData(in context: StepContext) throws(DeployError) {
        try DataMachine(site: context.site).refuseElsewhere()
        try ComposeRuntime().resumeData(in: context)
    }

    func console(_ program: Command, inData service: Service, of site: Site, onTerminal: Bool)
        throws(DeployError) -> CommandRequest?
    {
        try ComposeRuntime().console(program, inData: service, of: site, onTerminal: onTerminal)
    }
}

/// Which machine of the swarm has the volumes of an environment.
struct DataMachine {
    let site: Site

    private struct Record: Codable {
        var id: String
        var name: String
    }

    private var path: String { "\(site.layout.data)/machine.json" }

    /// What `refuseElsewhere` and `record` start.
    static func programs(in layout: Layout) -> [ProgramCall] {
        [SwarmCommands.membership].calls
            + ContainerObserver.programsMissing(in: layout).when("they were made on another machine")
    }

    func record() throws(DeployError) {
        let here = try site.ports.swarm.membership()
        try site.ports.files.publish(JSON.data(Record(id: here.node, name: here.name)), to: path)
    }

    /// - Throws: `.gateRefused` where another machine has them: here the services would begin empty.
    func refuseElsewhere() throws(DeployError) {
        guard let elsewhere, ComposeRuntime().lostData(at: site) != nil else { return }
        throw elsewhere
    }

    /// That this engine is not the one that had them; nil where it is, and where nobody can tell.
    var elsewhere: DeployError? {
        guard let data = try? site.ports.files.read(path),
            let record = try? JSON.value(Record.self, from: data, named: path),
            let here = try? site.ports.swarm.membership(), here.node != record.id
        else { return nil }
        let name = Shown.text(record.name)
        return DeployError(
            .gateRefused, what: "The data of \(site.environment.name) lies on another machine of the swarm",
            why:
                "its volumes are those of \(name), and this engine is that of \(Shown.text(here.name)): its services would begin empty here",
            next: "run deployctl on \(name)")
    }
}

extension SwarmMembership {
    /// Whether this machine is one that a placement of a Compose file asks for.
    func satisfies(_ constraint: String) -> Bool {
        let words = constraint.words.map(String.init)
        return [
            ["node.hostname", "==", name], ["node.id", "==", node], ["node.role", "==", "manager"],
        ].contains(words)
    }
}
