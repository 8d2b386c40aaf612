@testable import DeployCore

/// A third way of running services, which only tests know: as processes of a second machine, reached by ssh.
struct NeighbourRuntime: ServiceRuntime, LeavesDataToOthers, HasNoJobs, BuildsNothing, SharesTheMachine {
    let neighbour: FakeProcessTable

    let endsByPrograms = true

    func owns(_ body: ServiceBody) -> Bool { body.process?.boot == neighbour.boot }

    func start(
        _ services: [Service], of instance: Instance, in context: StepContext,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        for service in services {
            let address: ServiceAddress? =
                service.listen == .none ? nil : .port(try neighbour.freePort())
            try record(try launch(service, of: instance, at: address, context))
        }
    }

    func restart(
        _ service: Service, of instance: Instance, as before: RunningService, in context: StepContext
    ) throws(DeployError) -> RunningService {
        try launch(service, of: instance, at: before.address, context)
    }

    private func launch(
        _ service: Service, of instance: Instance, at address: ServiceAddress?, _ context: StepContext
    ) throws(DeployError) -> RunningService {
        var variables = ["DEPLOYCTL_INSTANCE": context.layout.instance(instance.id)]
        if case .port(let port) = address { variables["PORT"] = "\(port)" }
        let process = try neighbour.start(
            ServiceLaunch(
                command: Command("serve", [service.name]), directory: "/", environment: variables, log: "log")
        )
        return RunningService(
            name: service.name, body: .process(process), address: address, since: context.ports.clock.now())
    }

    func end(_ services: [RunningService], politely: Bool, on ports: Ports) {
        for process in services.compactMap(\.body.process) { neighbour.signal(process, .kill) }
    }

    func sweep(_ id: String, in context: StepContext) throws(DeployError) -> Bool {
        let left = neighbour.members(ofInstance: context.layout.instance(id))
        for process in left { neighbour.signal(process, .kill) }
        return left.isEmpty
    }

    func running(_ services: [RunningService], on ports: Ports) -> Set<String> {
        Set(services.filter { $0.body.process.map(neighbour.isRunning) == true }.map(\.name))
    }

    func fallen(_ services: [RunningService], on ports: Ports) -> [RunningService] {
        services.filter { running([$0], on: ports).isEmpty }
    }

    func entrust(_ services: [RunningService], on ports: Ports) throws(DeployError) {}

    func leaders(of services: [RunningService]) -> [ProcessIdentity] { [] }

    func life(of service: RunningService, on ports: Ports) -> ServiceLife? {
        running([service], on: ports).isEmpty ? nil : ServiceLife(identity: "\(service.body)", complaint: nil)
    }

    func ending(of service: RunningService, on ports: Ports) -> ProcessEnding? { nil }

    func lackedMemory(_ service: RunningService, on ports: Ports) -> Bool { false }
    func uses(of services: [RunningService], on ports: Ports) -> [String: ResourceUse] { [:] }
    func listeners(of service: RunningService, on ports: Ports) -> [String]? { nil }

    func stranger(onPort port: Int, insteadOf service: RunningService, on ports: Ports) -> String? {
        neighbour.listener(onPort: port) == service.body.process
            ? nil : "port \(port) belongs to somebody else"
    }

    func console(
        _ program: Command, in service: RunningService, of instance: Instance, on ports: Ports,
        onTerminal: Bool, context: () throws(DeployError) -> StepContext
    ) throws(DeployError) -> CommandRequest? {
        running([service], on: ports).isEmpty ? nil : CommandRequest(remote(program))
    }

    func run(
        _ commands: [Command], for release: Timestamp, on database: DatabaseLocation?,
        within deadline: Duration, because what: String, in context: StepContext
    ) throws(DeployError) {
        for command in commands {
            try context.run(CommandRequest(remote(command), deadline: deadline), because: what)
        }
    }

    func programs(for work: RuntimeWork, in layout: Layout) -> [ProgramCall] {
        if case .run(let commands, _) = work { commands.map(remote).calls } else { [] }
    }

    func place(of service: Service, of instance: String, in layout: Layout) -> CurlCommands.Place? {
        service.listen == .none ? nil : .port("{port}")
    }

    private func remote(_ command: Command) -> Command { Command("ssh", ["neighbour"] + command.vector) }
}

/// A machine and its neighbour.
struct NeighbourWorld: RuntimeWorld {
    let machine = SimulatedMachine()
    let neighbour = FakeProcessTable(boot: "neighbour")
    let context: StepContext

    init() {
        context = Self.context(
            machine.ports(), project: machine.project, Self.environment(.process, ["bin/serve"]))
    }

    var runtime: any ServiceRuntime { NeighbourRuntime(neighbour: neighbour) }

    func kill(_ service: RunningService) throws {
        if let process = service.body.process { neighbour.signal(process, .kill) }
    }

    func remains(of instance: String) throws -> [String] {
        neighbour.running.filter { $0.marker == context.layout.instance(instance) }.map(\.program)
    }

    func runningData() throws -> [String] { [] }

    func strangersPort() throws -> Int {
        neighbour.add("stranger", marker: "elsewhere", environment: ["PORT": "9"])
        return 9
    }

    func interrupt() { machine.interruption.interrupt() }
}
