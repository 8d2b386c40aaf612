import FoundationEssentials

/// The front of an instance, as far as it asks one replica of a service or passes it over.
struct ReplicaFront {
    let context: StepContext
    let instance: String
    /// Of the replica; nothing is done for a service that runs once.
    let service: String

    /// Returns once nothing is asked of it, or a drain is over; the caller has the turn.
    func passOver() throws(DeployError) { try tell(asking: false) }

    /// The caller has the turn.
    func ask() throws(DeployError) { try tell(asking: true) }

    private func tell(asking isAsked: Bool) throws(DeployError) {
        let (files, processes) = (context.ports.files, context.ports.processes)
        let folder = context.layout.instance(instance)
        guard context.environment.services.first(where: { $0.name == service })?.replicaOf != nil,
            let front = context.site.records.read(instance)?.front,
            let data = try files.read(Nginx.file(in: folder))
        else { return }
        let text = ReplicaSpread.text(String(decoding: data, as: UTF8.self), asking: service, isAsked)
        let wanted = Data(text.utf8)
        guard wanted != data else { return }
        try files.publish(wanted, to: Nginx.file(in: folder))
        guard processes.isRunning(front) else { return }
        let before = processes.children(of: front)
        try Nginx(context: context).reload(front, in: folder, named: "The front", until: [])
        _ = try context.wait(upTo: context.environment.drain, every: .milliseconds(10), stoppable: false) {
            () throws(DeployError) in
            !before.contains(where: processes.isRunning)
        }
    }
}
