/// Ends one service of the current instance.
struct StopService: StepWork {
    static let id = "stop-service"
    var instance: String
    var service: String
    /// What the instance was started by, when the definition says otherwise by now.
    var runtime: Environment.Runtime.Kind?

    var title: String { "Stop service \(service)" }

    func programs(in layout: Layout) -> [ProgramCall] {
        ServiceRuntimes.starter(runtime, in: layout).programs(for: .end, in: layout)
            + ServiceRuntimes.programsWatching(startedBy: runtime, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try context.site.undisturbed { () throws(DeployError) in try stop(in: context) }
    }

    private func stop(in context: StepContext) throws(DeployError) -> String {
        let records = context.site.records
        guard let running = records.read(instance)?.services.first(where: { $0.name == service }) else {
            return "does not run"
        }
        try ReplicaFront(context: context, instance: instance, service: service).passOver()
        context.ports.end([running], politely: true)
        let limit = running.stop?.timeout ?? context.environment.drain
        let polite = try context.wait(
            upTo: limit, every: .milliseconds(5), stoppable: false
        ) { () throws(DeployError) in
            context.ports.running([running]).isEmpty
        }
        context.ports.end([running], politely: polite)
        let gone = try context.wait(upTo: .seconds(10), every: .milliseconds(5), stoppable: false) {
            () throws(DeployError) in
            context.ports.running([running]).isEmpty
        }
        guard gone else {
            throw DeployError(
                .stepFailed, what: "Service \(service) does not end",
                why: "\(running.body) still runs ten seconds after it was killed",
                next: "look for it with ps, then run this again")
        }
        try rest(in: records)
        return polite ? "ended" : "killed after \(Int(limit.seconds)) s"
    }

    /// So that nobody starts it again before somebody asks for it.
    private func rest(in records: InstanceRecords) throws(DeployError) {
        guard var record = records.read(instance),
            let index = record.services.firstIndex(where: { $0.name == service })
        else { return }
        record.services[index].rests = true
        try records.write(record)
    }

    func undo(in context: StepContext) throws(DeployError) {
        guard context.site.records.read(instance)?.services.contains(where: { $0.name == service }) == true
        else { return }
        _ = try StartService(instance: instance, service: service, runtime: runtime).perform(in: context)
    }
}
