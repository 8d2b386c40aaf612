import FoundationEssentials

/// One instance that serves, while nobody else changes it.
struct KeptInstance {
    let site: Site
    let id: String
    let name: String

    private var ports: Ports { site.ports }

    /// Whether something of it ended unasked.
    static func misses(_ instance: Instance, at site: Site) -> Bool {
        !ended(instance, at: site).isEmpty || missesFront(instance, at: site)
    }

    private static func ended(_ instance: Instance, at site: Site) -> [RunningService] {
        ServiceRuntimes.grouped(instance.services).flatMap { $0.runtime.fallen($0.services, on: site.ports) }
    }

    private static func missesFront(_ instance: Instance, at site: Site) -> Bool {
        instance.front.map { !site.ports.processes.isRunning($0) } ?? false
    }

    static func missesEdge(at site: Site) -> Bool {
        site.environment.runtime.strategy == .blueGreen && site.environment.isReached
            && site.ports.files.kind(of: Nginx.file(in: site.layout.edge)) != nil
            && Nginx.master(in: site.layout.edge, site.ports) == nil
    }

    /// Has the machine keep what it can keep by itself.
    func entrust() throws(DeployError) {
        guard let instance = site.records.current else { return }
        for (runtime, services) in ServiceRuntimes.grouped(instance.services) {
            try runtime.entrust(services, on: ports)
        }
    }

    /// Starts what ended, where its time has come: services after those they come after, the front, the edge.
    ///
    /// While writes are held, what is behind the hold comes first.
    func revive(in context: StepContext, telling tell: (KeeperEvent) -> Void) throws(DeployError) {
        if Edge.isLeft(at: site) { try Edge(context: context).settle() }
        let revival = Revival(site: site, context: context, environment: name)
        if let behind = site.records.current?.id, behind != id {
            try revive(behind, withEdge: false, revival, tell)
        }
        try revive(id, withEdge: true, revival, tell)
    }

    private func revive(
        _ id: String, withEdge: Bool, _ revival: Revival, _ tell: (KeeperEvent) -> Void
    ) throws(DeployError) {
        guard var instance = site.records.read(id) else { return }
        var care = site.care(of: id)
        let before = care
        let endedWithMachine = instance.front.map(site.ports.processes.endedWithMachine) ?? false
        let order = RevivalOrder(site: site)
        for service in order.sorted(Self.ended(instance, at: site)) where order.isDue(service, in: instance) {
            revival.start(
                service, of: &instance, &care.services[service.name, default: ServiceCare()], tell)
        }
        if Self.missesFront(instance, at: site) { revival.startFront(of: &instance, &care.front, tell) }
        if withEdge, Self.missesEdge(at: site) {
            revival.startEdge(endedWithMachine: endedWithMachine, &care.edge, tell)
        }
        if withEdge, LobbyLook.isMissing(at: site) {
            revival.startLobby(endedWithMachine: endedWithMachine, &care.lobby, tell)
        }
        if care != before { try site.remember(care, of: id) }
    }
}
