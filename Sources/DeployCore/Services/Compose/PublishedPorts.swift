/// Containers that hold ports of this machine, also where the engine alone leads there and no program listens.
struct PublishedPorts {
    let site: Site

    /// By port; what the engine does not say is not there.
    func among(_ ports: Set<Int>) -> [Int: PublishedPort] {
        let result = site.ports.commands.run(CommandRequest(ContainerCommands.publishing(ports.sorted())))
        guard result.succeeded, !ports.isEmpty else { return [:] }
        let mine = ContainerLabels.of(site.environment)
        var found: [Int: PublishedPort] = [:]
        for container in (try? site.ports.engine.inspect(result.output.lines.map(String.init))) ?? [] {
            let isOwn = mine.allSatisfy { container.labels[$0.key] == $0.value }
            let service = container.labels["com.docker.compose.service"]
            let name =
                "container \(container.id.prefix(12))"
                + (service.map { " (\(Shown.text($0, limit: 30)))" } ?? "")
            for port in container.bindings.compactMap({ Int($0.HostPort) }) where ports.contains(port) {
                found[port] = PublishedPort(name: name, isOwn: isOwn)
            }
        }
        return found
    }
}
