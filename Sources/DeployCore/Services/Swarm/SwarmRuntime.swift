import FoundationEssentials

/// Services as copies of containers on the machines of a swarm, which this machine manages.
struct SwarmRuntime: ServiceRuntime {}

extension SwarmRuntime: InstanceRuntime {
    var endsByPrograms: Bool { true }

    func owns(_ body: ServiceBody) -> Bool { body.swarm != nil }

    func start(
        _ services: [Service], of instance: Instance, in context: StepContext,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        try StackInstances(context: context).start(services, of: instance, record: record)
    }

    func restart(
        _ service: Service, of instance: Instance, as before: RunningService, in context: StepContext
    ) throws(DeployError) -> RunningService {
        try StackInstances(context: context).restart(service, of: instance, as: before)
    }

    /// At once means that the services are gone at once; their copies end within the time their Compose file grants.
    func end(_ services: [RunningService], politely: Bool, on ports: Ports) {
        let ids = services.compactMap(\.body.swarm)
        guard !ids.isEmpty else { return }
        let command = politely ? SwarmCommands.rest(ids) : SwarmCommands.remove(ids)
        _ = ports.commands.run(CommandRequest(command, deadline: .seconds(60)))
    }

    func sweep(_ id: String, in context: StepContext) throws(DeployError) -> Bool {
        try StackInstances(context: context).sweep(id)
    }

    func running(_ services: [RunningService], on ports: Ports) -> Set<String> {
        let looks = (try? ports.swarm.looks(at: services.compactMap(\.body.swarm))) ?? []
        let running = Set(looks.filter(\.runs).map(\.service.id))
        return Set(services.filter { $0.body.swarm.map(running.contains) == true }.map(\.name))
    }

    /// The swarm starts again what ends.
    func fallen(_ services: [RunningService], on ports: Ports) -> [RunningService] { [] }
    func entrust(_ services: [RunningService], on ports: Ports) throws(DeployError) {}
    func leaders(of services: [RunningService]) -> [ProcessIdentity] { [] }
    func ending(of service: RunningService, on ports: Ports) -> ProcessEnding? { nil }
    func lackedMemory(_ service: RunningService, on ports: Ports) -> Bool { false }
    func uses(of services: [RunningService], on ports: Ports) -> [String: ResourceUse] { [:] }
    func listeners(of service: RunningService, on ports: Ports) -> [String]? { nil }

    /// Its copies, whichever they are: one that takes the place of another begins another life.
    func life(of service: RunningService, on ports: Ports) -> ServiceLife? {
        guard let look = look(at: service, on: ports), !look.live.isEmpty else { return nil }
        return ServiceLife(
            identity: look.live.map(\.id).sorted().joined(separator: " "), complaint: look.complaint,
            copies: look.live.count)
    }

    /// Whoever listens there, the answer counts only when the swarm leads from that port to this service.
    func stranger(onPort port: Int, insteadOf service: RunningService, on ports: Ports) -> String? {
        let published = look(at: service, on: ports)?.service.ports ?? []
        guard !published.contains(where: { $0.number == port }) else { return nil }
        return "port \(port) does not belong to \(service.body)"
    }

    /// In the copy on this machine: another machine's engine cannot be asked from here.
    func console(
        _ program: Command, in service: RunningService, of instance: Instance, on ports: Ports,
        onTerminal: Bool, context: () throws(DeployError) -> StepContext
    ) throws(DeployError) -> CommandRequest? {
        guard let id = service.body.swarm, let look = look(at: service, on: ports), !look.live.isEmpty else {
            return nil
        }
        let containers = try ports.engine.containers([Self.serviceLabel: id])
        if let container = containers.first(where: \.isRunning) {
            return CommandRequest(
                ContainerCommands.console(program, in: container.id, onTerminal: onTerminal))
        }
        let places = Set(look.live.map(\.node)).sorted().map { Shown.text($0) }.joined(separator: ", ")
        throw DeployError(
            .stepFailed, what: "No copy of service \(service.name) runs on this machine",
            why: "its copies run on \(places)",
            next: "there: docker exec -it \"$(docker ps -q -f label=\(Self.serviceLabel)=\(id))\" sh")
    }

    private static let serviceLabel = "com.docker.swarm.service.id"

    private func look(at service: RunningService, on ports: Ports) -> SwarmLook? {
        service.body.swarm.flatMap { try? ports.swarm.looks(at: [$0]).first }
    }
}

extension SwarmRuntime: ReleaseRuntime {
    func build(_ release: Timestamp, in folder: String, _ context: StepContext) throws(DeployError) {
        try context.ports.swarm.require()
        try ComposeRuntime().build(release, in: folder, context)
        try RegistryImages(context: context).push(release, from: folder)
    }

    func check(_ release: Timestamp, in context: StepContext) throws(DeployError) {
        try context.ports.swarm.require()
        try RegistryImages(context: context).require(release)
        try ComposeRuntime().check(release, in: context)
    }

    /// Only the registry knows, and it is asked when one is to start.
    func losses(among releases: [Timestamp], at site: Site) -> [Timestamp: String] { [:] }

    /// What the registry has stays there.
    func prune(_ release: Timestamp, of site: Site) throws(DeployError) {
        try ComposeRuntime().prune(release, of: site)
    }

    /// On this machine, in a container of the release.
    func run(
        _ commands: [Command], for release: Timestamp, on database: DatabaseLocation?,
        within deadline: Duration, because what: String, in context: StepContext
    ) throws(DeployError) {
        try prepare(release, in: context)
        try ComposeRuntime().run(
            commands, for: release, on: database, within: deadline, because: what, in: context)
    }

    func runJobs(
        for release: Timestamp, on database: DatabaseLocation?, within deadline: Duration,
        in context: StepContext
    ) throws(DeployError) {
        guard !context.environment.jobs.isEmpty else { return }
        try prepare(release, in: context)
        try ComposeRuntime().runJobs(for: release, on: database, within: deadline, in: context)
    }

    func endCommands(in context: StepContext) throws(DeployError) {
        try ComposeRuntime().endCommands(in: context)
    }

    private func prepare(_ release: Timestamp, in context: StepContext) throws(DeployError) {
        try RegistryImages(context: context).require(release)
        _ = try ContainerResources(context: context).ensureNetwork()
    }
}

extension SwarmRuntime: RuntimeInspection {
    /// A port of the swarm leads to its service on every machine, for whoever reaches one.
    var isolates: Bool { false }

    func objectionToCommit(at site: Site) -> CommitObjection? {
        ComposeRuntime().objectionToCommit(at: site)
    }

    func catchUpLogs(of site: Site) {
        guard let services = try? site.ports.swarm.services(ContainerLabels.of(site.environment)) else {
            return
        }
        ContainerLogs(site).catchUp()
        for service in services {
            guard let instance = service.labels[ContainerLabels.instance] else { continue }
            ContainerLogs(site).catchUp(
                service.id, of: service.service, in: instance, by: SwarmCommands.follow)
        }
    }

    func refuseOthers(at site: Site) throws(DeployError) {
        let services = (try? site.ports.swarm.services(ContainerLabels.of(site.environment))) ?? []
        for service in services {
            try EngineClaim(site: site).check(
                service.labels[ContainerLabels.site], made: "service \(Shown.text(service.name))")
        }
    }

    /// The file of the stack carries them, and the swarm starts nothing without them.
    func refuseUnkeptLimits(at site: Site) throws(DeployError) {}

    func drift(of site: Site, serving: Serving?) -> [String] {
        SwarmObserver(site: site).drift(serving: serving)
    }

    func strays(of services: [RunningService], in release: Timestamp, at site: Site) -> [Stray] { [] }
    func care(of services: [RunningService], at now: Date, on ports: Ports) -> [String: ServiceCare] { [:] }

    func silence(at site: Site) -> DeployError? {
        do throws(DeployError) {
            _ = try site.ports.swarm.nodes()
            return nil
        } catch { return error }
    }

    func published(_ ports: Set<Int>, at site: Site) -> [Int: PublishedPort] {
        ComposeRuntime().published(ports, at: site).merging(SwarmPorts(site: site).among(ports)) { $1 }
    }

    func missingFromKit(of environment: Environment) -> String? {
        "\(environment.name)'s images are not in the kit: they stay in \(environment.runtime.registry ?? "its registry"), which the machines of the other swarm have to reach too"
    }

    func findings(_ commands: any CommandRunner) -> [Finding] {
        ComposeRuntime().findings(commands) + SwarmFindings(swarm: Swarm(commands: commands)).all
    }

    func places(of site: Site) throws(DeployError) -> [ServicePlace] { [] }
    func command(_ command: Command, inside place: ServicePlace) -> Command { command }
}

extension SwarmRuntime: RuntimePrograms {
    func programs(for work: RuntimeWork, in layout: Layout) -> [ProgramCall] {
        let compose = ComposeRuntime()
        return switch work {
        case .build:
            [SwarmCommands.membership].calls + compose.programs(for: work, in: layout)
                + RegistryImages.programsPushing(in: layout)
        case .check:
            [SwarmCommands.membership].calls + RegistryImages.programsRequiring
                + compose.programs(for: work, in: layout)
        case .prune: compose.programs(for: work, in: layout)
        case .run: preparing(in: layout) + compose.programs(for: work, in: layout)
        case .runJobs:
            layout.environment.jobs.isEmpty
                ? [] : preparing(in: layout) + compose.programs(for: work, in: layout)
        case .start(let instance, let release):
            StackInstances.programs(starting: instance, release, in: layout)
        case .restart(let service, let instance):
            StackInstances.programs(restarting: service, of: instance, in: layout)
        case .watch, .examine: Swarm.programsLooking
        case .end: [SwarmCommands.restingAny, SwarmCommands.remove(["{services…}"])].calls
        case .sweep(let instance): StackInstances.programs(sweeping: instance, in: layout)
        case .startData(let release, let applying): programs(startingData: release, applying, in: layout)
        case .stopData: compose.programs(for: work, in: layout)
        }
    }

    private func preparing(in layout: Layout) -> [ProgramCall] {
        RegistryImages.programsRequiring + ContainerResources.programsForNetwork(in: layout)
    }

    func place(of service: Service, of instance: String, in layout: Layout) -> CurlCommands.Place? {
        service.listen == .none ? nil : .port("{port}")
    }
}
