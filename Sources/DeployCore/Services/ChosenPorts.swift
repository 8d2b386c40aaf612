/// Ports of this machine at which the services of an instance are to be reached.
struct ChosenPorts {
    let context: StepContext

    /// By service: the public one where services hold those themselves, else a free one.
    func all(of services: [Service]) throws(DeployError) -> [String: Int] {
        var ports: [String: Int] = [:]
        for service in services where service.listen != .none {
            if context.takesPublicPorts, let port = context.environment.directPort(of: service) {
                ports[service.name] = port
                continue
            }
            var port = try context.ports.processes.freePort()
            while ports.values.contains(port) { port = try context.ports.processes.freePort() }
            ports[service.name] = port
        }
        return ports
    }
}
