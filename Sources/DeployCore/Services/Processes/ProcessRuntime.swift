/// Services as detached processes of the release's folder, which is all they need.
struct ProcessRuntime: ServiceRuntime, LeavesDataToOthers, BuildsNothing, SharesTheMachine {}

extension ProcessRuntime: InstanceRuntime {
    var endsByPrograms: Bool { false }

    func owns(_ body: ServiceBody) -> Bool { body.process != nil }

    func start(
        _ services: [Service], of instance: Instance, in context: StepContext,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        var addresses: [String: ServiceAddress] = [:]
        for service in services {
            var address = try address(of: service, in: instance, context)
            while let taken = address, addresses.values.contains(taken) {
                address = try self.address(of: service, in: instance, context)
            }
            addresses[service.name] = address
        }
        var waiting = context.environment.startOrder.filter { service in
            services.contains { $0.name == service.name }
        }
        // What is not started here is not waited for.
        var (unready, started) = (Set(waiting.map(\.name)), Set<String>())
        while !waiting.isEmpty {
            let awaited = Set(waiting.flatMap(\.after)).intersection(unready).intersection(started)
            var next = waiting.filter { unready.isDisjoint(with: $0.after) }
            // Where each waits for another, none would ever begin.
            if next.isEmpty && awaited.isEmpty { next = waiting }
            guard !next.isEmpty else {
                unready.subtract(
                    try HealthCheck(context: context).waitForAny(
                        of: awaited.sorted(), in: instance.id, stoppable: true))
                continue
            }
            for service in next { try record(try launch(service, of: instance, at: addresses, context)) }
            started.formUnion(next.map(\.name))
            waiting.removeAll { started.contains($0.name) }
        }
    }

    func restart(
        _ service: Service, of instance: Instance, as before: RunningService, in context: StepContext
    ) throws(DeployError) -> RunningService {
        if case .socket(let path) = before.address { try context.ports.files.remove(path) }
        var addresses = instance.addresses
        addresses[service.name] = before.address
        return try launch(service, of: instance, at: addresses, context)
    }

    func end(_ services: [RunningService], politely: Bool, on ports: Ports) {
        guard politely else {
            ports.processes.kill(leaders(of: services))
            for group in services.compactMap(\.group) { _ = ports.groups.end(group) }
            return
        }
        for service in services {
            guard let process = service.body.process else { continue }
            ports.processes.signal(process, .ask(service.stop?.signal ?? .TERM))
        }
    }

    /// Every process carries the instance's mark.
    func sweep(_ id: String, in context: StepContext) throws(DeployError) -> Bool { true }

    func running(_ services: [RunningService], on ports: Ports) -> Set<String> {
        Set(services.filter { $0.body.process.map(ports.processes.isRunning) == true }.map(\.name))
    }

    func fallen(_ services: [RunningService], on ports: Ports) -> [RunningService] {
        services.filter { $0.rests != true && $0.body.process.map(ports.processes.isRunning) == false }
    }

    func entrust(_ services: [RunningService], on ports: Ports) throws(DeployError) {}

    func leaders(of services: [RunningService]) -> [ProcessIdentity] { services.compactMap(\.body.process) }

    func life(of service: RunningService, on ports: Ports) -> ServiceLife? {
        guard let process = service.body.process, ports.processes.isRunning(process) else { return nil }
        return ServiceLife(identity: "\(service.body)", complaint: nil)
    }

    func ending(of service: RunningService, on ports: Ports) -> ProcessEnding? {
        service.body.process.flatMap(ports.processes.ending)
    }

    func lackedMemory(_ service: RunningService, on ports: Ports) -> Bool {
        service.group.map(ports.groups.lackedMemory) ?? false
    }

    func uses(of services: [RunningService], on ports: Ports) -> [String: ResourceUse] {
        services.reduce(into: [:]) { uses, service in
            uses[service.name] = service.group.flatMap(ports.groups.use)
        }
    }

    func listeners(of service: RunningService, on ports: Ports) -> [String]? {
        service.body.process.map(ports.processes.listeners(ofSession:))
    }

    func stranger(onPort port: Int, insteadOf service: RunningService, on ports: Ports) -> String? {
        guard let process = service.body.process, let owner = ports.processes.listener(onPort: port),
            !ports.processes.isMember(owner, ofSession: process)
        else { return nil }
        return "port \(port) is held by another program, \(ports.processes.named(owner))"
    }

    /// In the release's folder, where there is something to see even when the service has ended.
    func console(
        _ program: Command, in service: RunningService, of instance: Instance, on ports: Ports,
        onTerminal: Bool, context: () throws(DeployError) -> StepContext
    ) throws(DeployError) -> CommandRequest? {
        let context = try context()
        var own = try context.site.own(
            CommandRequest(
                program, in: context.layout.release(instance.release),
                environment: try variables(
                    context, instance.release, instance.database,
                    placeholders(context, instance.release, instance.addresses, of: service.name),
                    for: context.environment.services.first { $0.name == service.name })))
        // What it starts is a commit's own, whoever asked for it.
        own.marker = context.layout.console
        return own
    }

    private func launch(
        _ service: Service, of instance: Instance, at addresses: [String: ServiceAddress],
        _ context: StepContext
    ) throws(DeployError) -> RunningService {
        let address = addresses[service.name]
        let placeholders = placeholders(context, instance.release, addresses, of: service.name)
        var variables = try variables(
            context, instance.release, instance.database, placeholders, for: service, instance: instance.id)
        switch address {
        case .socket(let path): variables["SOCKET"] = path
        case .port(let port), .tls(let port):
            variables["HOST"] = context.takesPublicPorts ? "0.0.0.0" : "127.0.0.1"
            variables["PORT"] = "\(port)"
        case nil: break
        }
        variables["DEPLOYCTL_REPLICA"] = service.replica.map { "\($0)" }
        let words = service.command.map { placeholders.filled($0) ?? $0 }
        guard let command = Command(vector: words) else {
            throw DeployError(
                .invalidDefinition, what: "Service \(service.name) has no command",
                why: "its command is empty",
                next: "deployctl validate")
        }
        var launch = ServiceLaunch(
            command: command, directory: context.layout.release(instance.release), environment: variables,
            log: context.serviceLog(service.name))
        if context.environment.user == nil {
            launch.closed = OthersFolders(site: context.site, release: instance.release).closed()
        }
        if case .socket = address, try context.site.account() == nil {
            launch.opensSockets = try context.site.worker() != nil
        }
        launch.group = context.site.group(of: service, in: instance.id)
        let process = try context.ports.processes.start(context.site.own(launch))
        var running = RunningService(
            name: service.name, body: .process(process), address: address, since: context.ports.clock.now())
        running.stop = service.stop
        running.group = launch.group
        return running
    }

    private func variables(
        _ context: StepContext, _ release: Timestamp, _ database: DatabaseLocation?,
        _ placeholders: Placeholders? = nil, for service: Service? = nil, instance: String? = nil
    ) throws(DeployError) -> [String: String] {
        var variables = try ServiceVariables.variables(
            context, release: release, database: database ?? context.environment.databaseElsewhere,
            instance: instance, for: service, placeholders)
        let features = FeaturePlace(site: context.site)
        variables.merge(try features.variables()) { $1 }
        if !context.environment.features.isEmpty { variables["DEPLOYCTL_FEATURES"] = features.path }
        return variables.merging(context.applicationSecrets) { mine, _ in mine }
    }

    private func placeholders(
        _ context: StepContext, _ release: Timestamp, _ addresses: [String: ServiceAddress],
        of service: String
    ) -> Placeholders {
        let port: Int? =
            switch addresses[service] {
            case .port(let port), .tls(let port): port
            case .socket, nil: nil
            }
        return Placeholders(
            port: port, addresses: addresses, release: release, environment: context.environment.name)
    }

    private func address(of service: Service, in instance: Instance, _ context: StepContext)
        throws(DeployError) -> ServiceAddress?
    {
        switch service.listen {
        case .none: return nil
        case .socket: return .socket(context.layout.socket(of: service.name, in: instance.id))
        case .tcp:
            if context.takesPublicPorts, let port = context.environment.directPort(of: service) {
                return .port(port)
            }
            return .port(try context.ports.processes.freePort())
        }
    }
}

extension ProcessRuntime: HasNoJobs {
    func run(
        _ commands: [Command], for release: Timestamp, on database: DatabaseLocation?,
        within deadline: Duration, because what: String, in context: StepContext
    ) throws(DeployError) {
        let variables = try variables(context, release, database)
        try AccountFolders(site: context.site).open(release, on: database)
        for command in commands {
            try context.runOwn(
                CommandRequest(
                    command, in: context.layout.release(release), environment: variables,
                    deadline: deadline),
                because: what)
        }
    }
}

extension ProcessRuntime: RuntimePrograms {
    func programs(for work: RuntimeWork, in layout: Layout) -> [ProgramCall] {
        func own(_ vectors: [[String]]) -> [ProgramCall] {
            vectors.compactMap(Command.init(vector:)).map {
                AccountCommands.call($0, as: layout.environment.user)
            }
        }
        return switch work {
        case .run(let commands, _): own(commands.map(\.vector))
        case .runJobs: []
        case .start: own(layout.environment.appServices.map(\.command))
        case .restart(let service, _): own([service.command])
        case .build, .check, .prune, .watch, .examine, .end, .sweep, .startData, .stopData: []
        }
    }

    func place(of service: Service, of instance: String, in layout: Layout) -> CurlCommands.Place? {
        switch service.listen {
        case .none: nil
        case .socket: .socket(layout.socket(of: service.name, in: instance))
        case .tcp: .port("{port}")
        }
    }
}
