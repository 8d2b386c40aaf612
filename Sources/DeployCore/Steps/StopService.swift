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
        let records = context.site.records
        guard let running = records.read(instance)?.services.first(where: { $0.name == service }) else {
            return "does not run"
        }
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
        return polite ? "ended" : "killed after \(Int(limit.seconds)) s"
    }

    func undo(in context: StepContext) throws(DeployError) {
        guard context.site.records.read(instance)?.services.contains(where: { $0.name == service }) == true
        else { return }
        _ = try StartService(instance: instance, service: service, runtime: runtime).perform(in: context)
    }
}
