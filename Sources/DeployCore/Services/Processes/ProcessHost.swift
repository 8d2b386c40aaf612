import FoundationEssentials

/// Services as detached processes of the release's folder.
struct ProcessHost: ServiceHost {
    let context: StepContext

    private var layout: Layout { context.layout }
    private var ports: Ports { context.ports }

    func start(
        _ services: [Service], of instance: Instance,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        for service in services {
            try record(try launch(service, of: instance, at: try address(of: service, in: instance)))
        }
    }

    func restart(_ service: Service, of instance: Instance, as before: RunningService) throws(DeployError)
        -> RunningService
    {
        if case .socket(let path) = before.address { try ports.files.remove(path) }
        return try launch(service, of: instance, at: before.address)
    }

    func end(_ services: [RunningService], politely: Bool) {
        for service in services {
            guard case .process(let process) = service.body else {
                ComposeHost(context: context).end([service], politely: politely)
                continue
            }
            ports.processes.signal(process, politely ? .terminate : .kill)
        }
    }

    /// Everything carries the instance's marker, and is ended with the front by who asks.
    func sweep(_ id: String) throws(DeployError) -> Bool {
        true
    }

    func life(of service: RunningService) -> ServiceLife? {
        guard !ports.running([service]).isEmpty else { return nil }
        return ServiceLife(identity: "\(service.body)", complaint: nil)
    }

    func stranger(onPort port: Int, insteadOf service: RunningService) -> String? {
        guard case .process(let process) = service.body,
            let owner = ports.processes.listener(onPort: port),
            !ports.processes.isMember(owner, ofSession: process)
        else { return nil }
        return "port \(port) is held by another program, process \(owner.pid)"
    }

    private func launch(
        _ service: Service, of instance: Instance, at address: CurlCommands.Address?
    ) throws(DeployError) -> RunningService {
        var variables = try ServiceEnvironment.variables(
            context, release: instance.release, database: instance.database, instance: instance.id)
        variables.merge(context.applicationSecrets) { mine, _ in mine }
        switch address {
        case .socket(let path): variables["SOCKET"] = path
        case .port(let port), .tls(let port):
            variables["HOST"] = context.takesPublicPorts ? "0.0.0.0" : "127.0.0.1"
            variables["PORT"] = "\(port)"
        case nil: break
        }
        guard let command = Command(vector: service.command) else {
            throw DeployError(
                .invalidDefinition, what: "Service \(service.name) has no command",
                why: "its command is empty",
                next: "deployctl validate")
        }
        let process = try ports.processes.start(
            ServiceLaunch(
                command: command, directory: layout.release(instance.release), environment: variables,
                log: context.serviceLog(service.name)))
        return RunningService(
            name: service.name, body: .process(process), address: address, since: ports.clock.now())
    }

    private func address(of service: Service, in instance: Instance) throws(DeployError) -> CurlCommands
        .Address?
    {
        switch service.listen {
        case .none: return nil
        case .socket: return .socket("\(layout.instance(instance.id))/app-\(service.name).sock")
        case .tcp:
            if context.takesPublicPorts, let port = context.environment.directPort(of: service) {
                return .port(port)
            }
            return .port(try ports.processes.freePort())
        }
    }
}
