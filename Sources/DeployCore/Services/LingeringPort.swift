/// A service that ended at once because connections of the one before it still keep its port: it is started again.
struct LingeringPort {
    let context: StepContext
    let service: Service
    let running: RunningService

    /// The kernel keeps a connection that ended for a minute.
    private static let longest = Duration.seconds(75)

    /// The service as it was started again on the port that is free by now; nil where something else ended it.
    func startAgain(in id: String, stoppable: Bool) throws(DeployError) -> RunningService? {
        guard context.takesPublicPorts, case .port(let port) = running.address, let runtime = running.runtime,
            runtime.life(of: running, on: context.ports) == nil,
            runtime.listeners(of: running, on: context.ports) != nil, use(of: port) == .lingering
        else { return nil }
        context.note(
            "port \(port) is kept by connections that still end; \(service.name) is started again when it is free"
        )
        let isFree = try context.wait(upTo: Self.longest, every: .milliseconds(250), stoppable: stoppable) {
            () throws(DeployError) in
            use(of: port) != .lingering
        }
        guard isFree, var instance = context.site.records.read(id),
            let place = instance.services.firstIndex(where: { $0.name == service.name })
        else { return nil }
        instance.services[place] = try runtime.restart(service, of: instance, as: running, in: context)
        try context.site.records.write(instance)
        return instance.services[place]
    }

    private func use(of port: Int) -> PortUse { context.ports.processes.use(ofPort: port) }
}
