import FoundationEssentials

/// Services as containers of the project's own Compose file.
struct ComposeRuntime: ServiceRuntime {}

extension ComposeRuntime: InstanceRuntime {
    var endsByPrograms: Bool { true }

    func owns(_ body: ServiceBody) -> Bool { body.container != nil }

    func start(
        _ services: [Service], of instance: Instance, in context: StepContext,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        try ComposeInstances(context: context).start(services, of: instance, record: record)
    }

    func restart(
        _ service: Service, of instance: Instance, as before: RunningService, in context: StepContext
    ) throws(DeployError) -> RunningService {
        try ComposeInstances(context: context).restart(service, of: instance, as: before)
    }

    /// Politely means for as long as the Compose file promises each service; the engine counts.
    func end(_ services: [RunningService], politely: Bool, on ports: Ports) {
        let ids = services.compactMap(\.body.container)
        if politely { ports.engine.stop(ids) } else { _ = ports.engine.remove(ids) }
    }

    func sweep(_ id: String, in context: StepContext) throws(DeployError) -> Bool {
        try ComposeInstances(context: context).sweep(id)
    }

    func running(_ services: [RunningService], on ports: Ports) -> Set<String> {
        let running = ports.engine.running(among: services.compactMap(\.body.container).sorted())
        return Set(services.filter { $0.body.container.map(running.contains) == true }.map(\.name))
    }

    /// The engine starts again what it was entrusted with.
    func fallen(_ services: [RunningService], on ports: Ports) -> [RunningService] { [] }

    func entrust(_ services: [RunningService], on ports: Ports) throws(DeployError) {
        try ports.engine.keep(services.compactMap(\.body.container))
    }

    func leaders(of services: [RunningService]) -> [ProcessIdentity] { [] }

    func life(of service: RunningService, on ports: Ports) -> ServiceLife? {
        guard let state = state(of: service, on: ports), state.isRunning else { return nil }
        return ServiceLife(
            identity: "\(state.startedAt), \(state.restarts) restarts",
            complaint: state.sickness,
            isSick: state.health == "unhealthy")
    }

    func ending(of service: RunningService, on ports: Ports) -> ProcessEnding? {
        state(of: service, on: ports).flatMap(ports.ending)
    }

    func lackedMemory(_ service: RunningService, on ports: Ports) -> Bool {
        state(of: service, on: ports).map(ports.lackedMemory) ?? false
    }

    func uses(of services: [RunningService], on ports: Ports) -> [String: ResourceUse] {
        let states = (try? ports.engine.inspect(services.compactMap(\.body.container))) ?? []
        return states.reduce(into: [:]) { uses, state in
            let limits = state.limits
            guard !limits.kinds.isEmpty else { return }
            uses[state.service] = ResourceUse(
                memory: nil, processes: nil, limits: limits, kills: ports.lackedMemory(state) ? 1 : 0)
        }
    }

    func listeners(of service: RunningService, on ports: Ports) -> [String]? { nil }

    /// Whoever listens there, the answer counts only when the engine gave the port to this container.
    func stranger(onPort port: Int, insteadOf service: RunningService, on ports: Ports) -> String? {
        let published = state(of: service, on: ports)?.bindings ?? []
        guard !published.contains(where: { $0.HostPort == "\(port)" }) else { return nil }
        return "port \(port) does not belong to \(service.body)"
    }

    func console(
        _ program: Command, in service: RunningService, of instance: Instance, on ports: Ports,
        onTerminal: Bool, context: () throws(DeployError) -> StepContext
    ) throws(DeployError) -> CommandRequest? {
        guard let id = service.body.container, !running([service], on: ports).isEmpty else { return nil }
        return CommandRequest(ContainerCommands.console(program, in: id, onTerminal: onTerminal))
    }

    private func state(of service: RunningService, on ports: Ports) -> ContainerState? {
        service.body.container.flatMap { try? ports.engine.inspect([$0]).first }
    }
}

extension ComposeRuntime: DataRuntime {
    var runsData: Bool { true }

    func startData(_ release: Timestamp, applying: Bool, in context: StepContext) throws(DeployError)
        -> String
    {
        try DataServices(context: context).start(release: release, applying: applying)
    }

    func hasDescribedData(at site: Site) -> Bool {
        (try? DataServices.written(in: site.layout, site.ports.files)) != nil
    }

    func dataLosses(at site: Site) -> [String] { ContainerObserver(site).dataLosses }

    func lostData(at site: Site) -> DeployError? { ContainerObserver(site).lostData }

    func dataStands(in context: StepContext) -> Bool {
        (try? DataServices(context: context).idle().isEmpty) == true
    }

    func upholdData(in context: StepContext) throws(DeployError) -> Bool {
        try DataServices(context: context).uphold()
    }

    func undoStartData(in context: StepContext) throws(DeployError) {
        try DataServices(context: context).undoStart()
    }

    func stopData(in context: StepContext) throws(DeployError) -> String {
        try DataServices(context: context).stop()
    }

    func resumeData(in context: StepContext) throws(DeployError) {
        _ = try DataServices(context: context).resume()
    }

    func console(_ program: Command, inData service: Service, of site: Site, onTerminal: Bool)
        throws(DeployError) -> CommandRequest?
    {
        let labels = ContainerLabels.of(site.environment).merging(
            [ContainerLabels.service: service.name, ContainerLabels.role: Service.Role.data.rawValue]) { $1 }
        return try site.ports.engine.containers(labels).first(where: \.isRunning).map {
            CommandRequest(ContainerCommands.console(program, in: $0.id, onTerminal: onTerminal))
        }
    }
}

extension ComposeRuntime: ReleaseRuntime {
    func build(_ release: Timestamp, in folder: String, _ context: StepContext) throws(DeployError) {
        // Containers run as users of their own; others on this machine do not get as far as here.
        try context.ports.files.grant(.readingForAll, at: folder)
        try ImageStore(context: context).build(release, in: folder)
    }

    func check(_ release: Timestamp, in context: StepContext) throws(DeployError) {
        try ImageStore(context: context).require(release, in: context.layout.release(release))
        try context.ports.files.grant(.readingForAll, at: context.layout.release(release))
    }

    func losses(among releases: [Timestamp], at site: Site) -> [Timestamp: String] {
        LostImages(site: site).found(among: releases)
    }

    func prune(_ release: Timestamp, of site: Site) throws(DeployError) {
        try ImagePruner(site).prune(release)
    }

    func run(
        _ commands: [Command], for release: Timestamp, on database: DatabaseLocation?,
        within deadline: Duration, because what: String, in context: StepContext
    ) throws(DeployError) {
        try ComposeJob(context: context).run(
            commands, release: release, database: database, deadline: deadline, because: what)
    }

    func runJobs(
        for release: Timestamp, on database: DatabaseLocation?, within deadline: Duration,
        in context: StepContext
    ) throws(DeployError) {
        try ComposeJob(context: context).runJobs(release: release, database: database, deadline: deadline)
    }

    func endCommands(in context: StepContext) throws(DeployError) { try ComposeJob(context: context).end() }
}

extension ComposeRuntime: RuntimeInspection {
    var isolates: Bool { true }
    func objectionToCommit(at site: Site) -> CommitObjection? {
        CommittedComposeFile(site: site).objection
    }

    func catchUpLogs(of site: Site) { ContainerLogs(site).catchUp() }

    func refuseOthers(at site: Site) throws(DeployError) { try EngineClaim(site: site).check() }

    /// The engine is asked about each container that it has started.
    func refuseUnkeptLimits(at site: Site) throws(DeployError) {}

    func drift(of site: Site, serving: Serving?) -> [String] {
        ContainerObserver(site).drift(serving: serving)
    }

    func strays(of services: [RunningService], in release: Timestamp, at site: Site) -> [Stray] {
        ContainerStrays(ports: site.ports).found(of: services)
    }

    func care(of services: [RunningService], at now: Date, on ports: Ports) -> [String: ServiceCare] {
        let states = (try? ports.engine.inspect(services.compactMap(\.body.container))) ?? []
        let cares = states.filter { $0.restarts > 0 }.compactMap { state in
            state.care(ports.ending(of: state), at: now).map { (state.service, $0) }
        }
        return Dictionary(cares) { first, _ in first }
    }

    /// An engine that does not answer has ended nothing.
    func silence(at site: Site) -> DeployError? {
        do throws(DeployError) {
            _ = try site.ports.engine.ids(ContainerLabels.of(site.environment))
            return nil
        } catch { return error }
    }

    func published(_ ports: Set<Int>, at site: Site) -> [Int: PublishedPort] {
        PublishedPorts(site: site).among(ports)
    }

    func missingFromKit(of environment: Environment) -> String? {
        "\(environment.name)'s images are not in the kit: what was built here is brought with docker save and docker load"
    }

    func findings(_ commands: any CommandRunner) -> [Finding] { ComposeFindings(commands: commands).all }

    func places(of site: Site) throws(DeployError) -> [ServicePlace] { try ContainerPlaces(site).all() }

    func command(_ command: Command, inside place: ServicePlace) -> Command {
        ContainerCommands.run(command, in: place.id)
    }
}

extension ComposeRuntime: RuntimePrograms {
    func programs(for work: RuntimeWork, in layout: Layout) -> [ProgramCall] {
        switch work {
        case .build(let folder): ImageStore.programs(building: folder, in: layout)
        case .check: ImageStore.programsRequiring
        case .prune: ImagePruner.programs
        case .run(let commands, let release):
            ComposeJob.programs(running: commands, release, in: layout)
        case .runJobs(let release): ComposeJob.programs(runningJobsOf: release, in: layout)
        case .start(let instance, let release):
            ComposeInstances.programs(starting: instance, release, in: layout)
        case .restart(let service, let instance):
            ComposeInstances.programs(restarting: service, of: instance, in: layout)
        case .watch: ContainerEngine.programsWatching
        case .examine: ContainerEngine.programsInspecting
        case .end: ContainerEngine.programsEnding
        case .sweep(let instance): ComposeInstances.programs(sweeping: instance, in: layout)
        case .startData(let release, let applying):
            DataServices.programs(starting: release, applying: applying, in: layout)
        case .stopData: DataServices.programsStopping(in: layout)
        }
    }

    func place(of service: Service, of instance: String, in layout: Layout) -> CurlCommands.Place? {
        service.listen == .none ? nil : .port("{port}")
    }
}

extension Ports {
    /// The container engine of this machine.
    var engine: ContainerEngine { ContainerEngine(commands: commands) }
}
