/// Services of the swarm that hold a port of each of its machines, this one included.
struct SwarmPorts {
    let site: Site

    /// By port; what the manager does not say is not there.
    func among(_ ports: Set<Int>) -> [Int: PublishedPort] {
        guard !ports.isEmpty else { return [:] }
        let mine = ContainerLabels.of(site.environment)
        var found: [Int: PublishedPort] = [:]
        for service in (try? site.ports.swarm.services([:])) ?? [] {
            let isOwn = mine.allSatisfy { service.labels[$0.key] == $0.value }
            for port in (service.ports ?? []).compactMap(\.number) where ports.contains(port) {
                found[port] = PublishedPort(name: name(of: service), isOwn: isOwn)
            }
        }
        return found
    }

    private func name(of service: SwarmService) -> String {
        let owner = [ContainerLabels.project, ContainerLabels.environment].compactMap { service.labels[$0] }
        return "service \(Shown.text(service.name, limit: 100)) of the swarm"
            + (owner.isEmpty ? "" : ", which is \(Shown.text(owner.joined(separator: " "), limit: 100))'s")
    }
}
