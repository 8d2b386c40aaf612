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

    /// Has the machine keep what it can keep by itself.
    func entrust() throws(DeployError) {
        guard let instance = site.records.current else { return }
        for (runtime, services) in ServiceRuntimes.grouped(instance.services) {
            try runtime.entrust(services, on: ports)
        }
    }

    private static func missesFront(_ instance: Instance, at site: Site) -> Bool {
        instance.front.map { !site.ports.processes.isRunning($0) } ?? false
    }

    static func missesEdge(at site: Site) -> Bool {
        site.environment.runtime.strategy == .blueGreen && !site.environment.edgePorts.isEmpty
            && site.ports.files.kind(of: Nginx.file(in: site.layout.edge)) != nil
            && Nginx.master(in: site.layout.edge, site.ports) == nil
    }

    /// Starts what ended: services in the order they were started in, then the front, then the edge.
    func revive(in context: StepContext, telling tell: (KeeperEvent) -> Void) throws(DeployError) {
        for id in [id, site.records.current?.id].compactMap(\.self).reduce(into: [String]()) { all, id in
            if !all.contains(id) { all.insert(id, at: 0) }
        } {
            guard var instance = site.records.read(id) else { continue }
            var care = site.care(of: id)
            let before = care
            for service in Self.ended(instance, at: site) {
                try revive(
                    service, of: &instance, &care.services[service.name, default: ServiceCare()], context,
                    tell)
            }
            if Self.missesFront(instance, at: site), let front = instance.front {
                let how = ports.processes.ending(of: front)
                try attempt("the front", &care.front, how: how, since: nil, tell) { () throws(DeployError) in
                    let master = try Nginx(context: context).revive(
                        in: site.layout.instance(id), beside: leaders(of: instance))
                    instance.front = master
                    try site.records.write(instance)
                    return "process \(master.pid)"
                }
            }
            if id == self.id, Self.missesEdge(at: site) {
                try attempt("the edge", &care.edge, how: nil, since: nil, tell) { () throws(DeployError) in
                    try Edge(context: context).revive()
                }
            }
            if care != before { try site.remember(care, of: id) }
        }
    }

    private func leaders(of instance: Instance) -> [ProcessIdentity] {
        ServiceRuntimes.grouped(instance.services).flatMap { $0.runtime.leaders(of: $0.services) }
    }

    private func revive(
        _ service: RunningService, of instance: inout Instance, _ care: inout ServiceCare,
        _ context: StepContext, _ tell: (KeeperEvent) -> Void
    ) throws(DeployError) {
        guard let index = instance.services.firstIndex(of: service),
            let runtime = service.runtime,
            let definition = site.environment.services.first(where: { $0.name == service.name })
        else { return }
        let how = runtime.ending(of: service, on: ports)
        var started = instance
        try attempt(service.name, &care, how: how, since: service.since, tell) { () throws(DeployError) in
            runtime.end([service], politely: false, on: ports)
            started.services[index] = try runtime.restart(definition, of: started, as: service, in: context)
            try site.records.write(started)
            return "\(started.services[index].body)"
        }
        instance = started
    }

    private func attempt(
        _ what: String, _ care: inout ServiceCare, how: ProcessEnding?, since: Date?,
        _ tell: (KeeperEvent) -> Void, _ start: () throws(DeployError) -> String
    ) throws(DeployError) {
        let now = ports.clock.now()
        if care.next == nil {
            care.ended(how.map { "\($0)" }, since: since ?? .distantPast, at: now)
            tell(.ended(environment: name, what: what, how: care.how))
        }
        guard care.next.map({ $0 <= now }) ?? true else { return }
        do throws(DeployError) {
            let body = try start()
            care.started()
            tell(.started(environment: name, what: what, as: body))
        } catch {
            care.refused("\(error.what): \(error.why)", at: now)
            tell(.failed(environment: name, what: what, why: care.refusal ?? ""))
        }
    }
}
