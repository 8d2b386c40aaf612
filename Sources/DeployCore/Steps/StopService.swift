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
        context.ports.end([running], politely: true)
        let polite = try context.wait(
            upTo: context.environment.drain, every: .milliseconds(5), stoppable: false
        ) { () throws(DeployError) in
            context.ports.running([running]).isEmpty
        }
        context.ports.end([running], politely: polite)
        if var record = records.read(instance),
            let index = record.services.firstIndex(where: { $0.name == service })
        {
            record.services[index].rests = true
            try records.write(record)
        }
        return polite ? "ended" : "killed after \(Int(context.environment.drain.seconds)) s"
    }

    func undo(in context: StepContext) throws(DeployError) {
        _ = try StartService(instance: instance, service: service, runtime: runtime).perform(in: context)
    }
}
