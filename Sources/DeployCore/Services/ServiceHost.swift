/// Starts and ends the app services of an instance where the definition says they run.
protocol ServiceHost {
    /// Starts services; `record` gets each as soon as it could outlive this process.
    func start(
        _ services: [Service], of instance: Instance,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError)

    /// Starts one service again, at the address its front knows.
    func restart(_ service: Service, of instance: Instance, as before: RunningService) throws(DeployError)
        -> RunningService

    /// Asks a service to end, or ends it at once.
    func end(_ services: [RunningService], politely: Bool)

    /// Ends everything that belongs to this instance at once, recorded or not; true when nothing is left.
    func sweep(_ id: String) throws(DeployError) -> Bool

    /// The life a service is in now; nil when it has ended.
    func life(of service: RunningService) -> ServiceLife?

    /// Why what listens on this port cannot be the service; nil when it may be.
    func stranger(onPort port: Int, insteadOf service: RunningService) -> String?
}

/// One life of a service: an answer counts only when it comes from the life that was started.
struct ServiceLife: Hashable {
    /// Differs from that of an earlier life of the same service.
    var identity: String
    /// What the service's own health check says; nil when it is well or has none.
    var complaint: String?
}

extension StepContext {
    /// Where this environment's services run.
    var host: any ServiceHost {
        switch environment.runtime.kind {
        case .process: ProcessHost(context: self)
        case .compose: ComposeHost(context: self)
        }
    }
}

extension Ports {
    /// The services that run now, by name; one question to each kind of machine, however many there are.
    public func running(_ services: [RunningService]) -> Set<String> {
        var alive: Set<String> = []
        var containers: [String: String] = [:]
        for service in services {
            switch service.body {
            case .process(let process): if processes.isRunning(process) { alive.insert(service.name) }
            case .container(let id): containers[id] = service.name
            }
        }
        guard !containers.isEmpty else { return alive }
        let running = ContainerCommands(commands: commands).running(among: containers.keys.sorted())
        return alive.union(running.compactMap { containers[$0] })
    }
}
