import FoundationEssentials

/// Ends an instance: first what it still answers is finished, then its processes end.
struct InstanceStopper {
    let context: StepContext

    private var ports: Ports { context.ports }
    private var records: InstanceRecords { InstanceRecords(files: ports.files, layout: context.layout) }

    /// Waits until nobody holds a connection to the instance's public sockets; false at the deadline.
    ///
    /// A request that was on its way when the link moved shows up within the settling time.
    func drain(_ id: String, upTo deadline: Duration) throws(DeployError) -> Bool {
        let sockets = PublicSockets(site: context.site)
        guard !sockets.paths(of: id).isEmpty else { return true }
        var quiet = 0
        return try context.wait(upTo: deadline, every: .milliseconds(20), stoppable: false) {
            () throws(DeployError) in
            quiet = sockets.connections(to: id) == 0 ? quiet + 1 : 0
            return quiet >= 3
        }
    }

    /// Ends services and front, politely then firmly, and removes the folder once nothing is left; returns, sorted, the
    /// services that were killed because they did not end in time.
    ///
    /// `isOver`: whether whoever still holds a connection had the time for it.
    @discardableResult
    func stop(_ id: String, isOver: Bool = false) throws(DeployError) -> [String] {
        try context.site.undisturbed { () throws(DeployError) in try stopUndisturbed(id, isOver) }
    }

    private func stopUndisturbed(_ id: String, _ isOver: Bool) throws(DeployError) -> [String] {
        let stopping = StoppingTime(drain: context.environment.drain, isOver: isOver)
        let instance = records.read(id)
        if let front = instance?.front {
            ports.processes.signal(front, isOver ? .terminate : .quit)
            try settle(id, within: .seconds(2)) { !ports.processes.isRunning(front) }
        }
        let services = instance?.services ?? []
        var killed: [String] = []
        for names in context.environment.stopOrder(of: services.map(\.name)) {
            killed += try end(services.filter { names.contains($0.name) }, of: id, stopping)
        }
        let isEmpty = killed.isEmpty ? try endWhatTheyLeft(id, instance) : false
        try discardUndisturbed(id, isEmpty: isEmpty)
        return killed.sorted()
    }

    /// Asks services to end and kills each that takes longer than it may; the names of those.
    private func end(_ services: [RunningService], of id: String, _ stopping: StoppingTime)
        throws(DeployError) -> [String]
    {
        ports.end(services, politely: true)
        var (killed, waited): ([String], Duration) = ([], .zero)
        for limit in Set(services.map(stopping.limit)).sorted() {
            try settle(id, within: limit - waited) { ports.running(services).isEmpty }
            waited = limit
            let late = services.filter { stopping.limit(of: $0) <= limit }
            let running = ports.running(late)
            guard !running.isEmpty else { continue }
            ports.end(late.filter { running.contains($0.name) }, politely: false)
            killed += running
        }
        return killed
    }

    /// Whether nothing of it had been left.
    private func endWhatTheyLeft(_ id: String, _ instance: Instance?) throws(DeployError) -> Bool {
        let remains = ports.processes.remains(
            ofInstance: context.layout.instance(id), orLedBy: leaders(of: instance),
            beneath: context.layout.run)
        guard !remains.members.isEmpty else {
            context.run.add(instances: remains.instances)
            return true
        }
        ports.end(instance?.services ?? [], politely: true)
        try settle(id, within: context.environment.drain) { members(of: id, instance).isEmpty }
        return false
    }

    /// The processes that are left of it.
    private func members(of id: String, _ recorded: Instance?) -> [ProcessIdentity] {
        ports.processes.members(ofInstance: context.layout.instance(id), orLedBy: leaders(of: recorded))
    }

    private func leaders(of recorded: Instance?) -> [ProcessIdentity] {
        let services = recorded?.services ?? []
        return services.flatMap { $0.runtime?.leaders(of: [$0]) ?? [] } + [recorded?.front].compactMap(\.self)
    }

    /// Leaves it to its keeper to end the instance once nobody holds a connection, or at the end of the drain that began
    /// at `began`; until when.
    ///
    /// What nobody waits for ends now, and of several that drain no more than `mostDraining` go on.
    func leave(_ id: String, since began: Date) throws(DeployError) -> Date {
        let others = records.drained.filter { $0 != id }
        for oldest in others.prefix(max(0, others.count + 1 - Self.mostDraining)) {
            try stop(oldest, isOver: true)
        }
        return try context.site.undisturbed { () throws(DeployError) in
            let services = (records.read(id)?.services ?? []).filter { $0.address == nil }
            let stopping = StoppingTime(drain: context.environment.drain, isOver: false)
            for names in context.environment.stopOrder(of: services.map(\.name)) {
                _ = try end(services.filter { names.contains($0.name) }, of: id, stopping)
            }
            let draining =
                records.draining(id)
                ?? Draining(run: context.plan.timestamp, for: context.environment.drain, at: began)
            try records.write(draining, of: id)
            return draining.until
        }
    }

    private static let mostDraining = 3

    /// Ends those that were left to their keeper: nothing of an old release writes after this.
    func endDraining() throws(DeployError) {
        for id in records.drained { try stop(id, isOver: true) }
    }

    /// Ends what earlier runs should have ended.
    func endStrays() throws(DeployError) {
        let seen = context.run.takeInstances()
        for stray in StrayInstances(context.site).found(among: seen) { try stop(stray) }
    }

    /// Ends everything of this instance at once, recorded or not, and removes its folder.
    func discard(_ id: String) throws(DeployError) {
        try context.site.undisturbed { () throws(DeployError) in try discardUndisturbed(id) }
    }

    /// The same for who has the turn.
    ///
    /// `isEmpty`: whether it is known that no process of it is left, which nobody looks for again then.
    func discardUndisturbed(_ id: String, isEmpty: Bool = false) throws(DeployError) {
        let folder = context.layout.instance(id)
        let recorded = records.read(id)
        let services = recorded?.services ?? []
        ports.end(services.filter { !isEmpty || $0.runtime?.endsByPrograms == true }, politely: false)
        let gone = try context.wait(upTo: .seconds(10), every: .milliseconds(5), stoppable: false) {
            () throws(DeployError) in
            let swept = try context.sweep(id, services)
            let emptied = services.compactMap(\.group).map(ports.groups.end).allSatisfy(\.self)
            let members = isEmpty ? [] : members(of: id, recorded)
            ports.processes.kill(members)
            return swept && emptied && members.isEmpty && ports.running(services).isEmpty
                && recorded?.front.map(ports.processes.isRunning) != true
        }
        guard gone else {
            throw DeployError(
                .needsPerson, what: "Processes of instance \(id) do not end",
                why: "they still run ten seconds after SIGKILL",
                next: "look for processes with \(ServiceLaunch.instanceVariable)=\(folder)")
        }
        try records.remove(id)
    }

    private func settle(_ id: String, within deadline: Duration, until ended: () -> Bool) throws(DeployError)
    {
        // What is asked through a program costs a busy machine what it would end the services with.
        let asks = context.environment.serviceRuntime.endsByPrograms
        _ = try context.wait(
            upTo: deadline, every: .milliseconds(asks ? 200 : 20), from: .milliseconds(5), stoppable: false
        ) { () throws(DeployError) in
            ended()
        }
    }
}
