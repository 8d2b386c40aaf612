/// What is started again before what: as in a deployment, a service waits for those it comes after.
struct RevivalOrder {
    let site: Site

    /// In the order in which each comes after those it names.
    func sorted(_ services: [RunningService]) -> [RunningService] {
        let order = site.environment.startOrder.map(\.name)
        let ordered = order.flatMap { name in services.filter { $0.name == name } }
        return ordered + services.filter { !order.contains($0.name) }
    }

    /// Whether the services it comes after can serve, or had as long as a new release has for that.
    func isDue(_ service: RunningService, in instance: Instance) -> Bool {
        let after = site.environment.service(service.name)?.after ?? []
        return instance.services.filter { after.contains($0.name) }.allSatisfy { isReady($0, in: instance) }
    }

    private func isReady(_ running: RunningService, in instance: Instance) -> Bool {
        guard running.rests != true else { return true }
        guard !site.ports.running([running]).isEmpty else { return false }
        guard let service = site.environment.service(running.name), let health = service.health,
            let address = running.address,
            site.ports.clock.now().timeIntervalSince(running.since) < health.timeout.seconds
        else { return true }
        let place =
            service.fastCGI == nil ? address.place : .socket(site.layout.innerDoor(of: instance.id))
        let answer = site.ports.commands.run(.health(of: service, at: place, in: site.environment))
        return HealthAnswer(answer) == .good
    }
}
