import FoundationEssentials

/// Starts again what was found ended, and keeps in mind what became of it.
struct Revival {
    let site: Site
    let context: StepContext
    let environment: String

    private var ports: Ports { site.ports }

    /// What was found ended.
    private struct Fallen {
        var name: String
        var how: String?
        /// When its life began; nil where that is not on record.
        var since: Date?
        var endedWithMachine: Bool
    }

    func start(
        _ service: RunningService, of instance: inout Instance, _ care: inout ServiceCare,
        _ tell: (KeeperEvent) -> Void
    ) {
        guard let index = instance.services.firstIndex(of: service),
            let runtime = service.runtime,
            let definition = site.environment.services.first(where: { $0.name == service.name })
        else { return }
        let fallen = Fallen(
            name: service.name, how: ports.words(forEndingOf: service),
            since: service.since,
            endedWithMachine: runtime.leaders(of: [service]).contains(where: ports.processes.endedWithMachine)
        )
        var started = instance
        let end = care.next == nil ? ports.clock.now() : care.lastEnd ?? .distantFuture
        let wasShort = end.timeIntervalSince(service.since) < Self.shortLife
        attempt(fallen, &care, tell) { () throws(DeployError) in
            runtime.end([service], politely: false, on: ports)
            if wasShort { try refuseTaken(service, of: started.id) }
            started.services[index] = try runtime.restart(definition, of: started, as: service, in: context)
            try site.records.write(started)
            return "\(started.services[index].body)"
        }
        instance = started
    }

    /// Seconds within which one ends that cannot have its port.
    private static let shortLife = 10.0

    /// What stands before it asks at its address, so that it can have no other.
    private func refuseTaken(_ service: RunningService, of instance: String) throws(DeployError) {
        guard case .port(let port) = service.address, let holder = ports.processes.listener(onPort: port),
            !ports.processes.isMember(holder, ofInstance: site.layout.instance(instance))
        else { return }
        throw DeployError(
            .stepFailed, what: "its port \(port) is taken",
            why: "\(ports.processes.named(holder)) listens there", next: "deployctl restart \(environment)")
    }

    func startFront(of instance: inout Instance, _ care: inout ServiceCare, _ tell: (KeeperEvent) -> Void) {
        let fallen = Fallen(
            name: "the front", how: instance.front.flatMap(ports.processes.ending).map { "\($0)" },
            endedWithMachine: instance.front.map(ports.processes.endedWithMachine) ?? false)
        let services = ServiceRuntimes.grouped(instance.services).flatMap {
            $0.runtime.leaders(of: $0.services)
        }
        var started = instance
        attempt(fallen, &care, tell) { () throws(DeployError) in
            let folder = site.layout.instance(started.id)
            let master = try Nginx(context: context).revive(in: folder, beside: services)
            started.front = master
            try site.records.write(started)
            return "process \(master.pid)"
        }
        instance = started
    }

    func startEdge(endedWithMachine: Bool, _ care: inout ServiceCare, _ tell: (KeeperEvent) -> Void) {
        let fallen = Fallen(name: "the edge", endedWithMachine: endedWithMachine)
        attempt(fallen, &care, tell) { () throws(DeployError) in try Edge(context: context).revive() }
    }

    /// Any keeper of the account does, whoever is first.
    func startLobby(endedWithMachine: Bool, _ care: inout ServiceCare, _ tell: (KeeperEvent) -> Void) {
        let fallen = Fallen(name: "the lobby", endedWithMachine: endedWithMachine)
        attempt(fallen, &care, tell) { () throws(DeployError) in try EdgeNames(context: context).revive() }
    }

    /// `start` once the pause is over; its result says as what.
    private func attempt(
        _ fallen: Fallen, _ care: inout ServiceCare, _ tell: (KeeperEvent) -> Void,
        _ start: () throws(DeployError) -> String
    ) {
        let now = ports.clock.now()
        if care.isDue(at: now), SystemdCommands.machineGoesDown(ports.commands) { return }
        if care.next == nil {
            if fallen.endedWithMachine {
                care.endedWithTheMachine(at: now)
            } else {
                care.ended(fallen.how, since: fallen.since ?? .distantPast, at: now)
            }
            let how = fallen.endedWithMachine ? "with the machine" : fallen.how
            tell(.ended(environment: environment, what: fallen.name, how: how))
        }
        guard care.isDue(at: now) else { return }
        do throws(DeployError) {
            let body = try start()
            care.started()
            tell(.started(environment: environment, what: fallen.name, as: body))
        } catch {
            care.refused("\(error.what): \(error.why)", at: now)
            tell(.failed(environment: environment, what: fallen.name, why: care.refusal ?? ""))
        }
    }
}
