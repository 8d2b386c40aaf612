/// Starts one service of the current instance again.
struct StartService: StepWork {
    static let id = "start-service"
    var instance: String
    var service: String
    /// What the instance was started by, when the definition says otherwise by now.
    var runtime: Environment.Runtime.Kind?

    var title: String { "Start service \(service)" }

    func programs(in layout: Layout) -> [ProgramCall] {
        let runtime = layout.environment.serviceRuntime
        let own = layout.environment.appServices.filter { $0.name == service }
        return ServiceRuntimes.programsWatching(startedBy: self.runtime, in: layout)
            + own.flatMap { runtime.programs(for: .restart($0, instance: instance), in: layout) }
            + HealthCheck.programs(forStarted: instance, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let body = try context.site.undisturbed { () throws(DeployError) in try start(in: context) }
        if body != nil {
            try HealthCheck(context: context).wait(for: instance, only: [service], stoppable: true)
        }
        try context.site.undisturbed { () throws(DeployError) in
            try ReplicaFront(context: context, instance: instance, service: service).ask()
        }
        return body.map { "as \($0)" } ?? "runs already"
    }

    /// nil where it runs already.
    private func start(in context: StepContext) throws(DeployError) -> ServiceBody? {
        let records = context.site.records
        guard var record = records.read(instance),
            let index = record.services.firstIndex(where: { $0.name == service }),
            let definition = context.environment.services.first(where: { $0.name == service })
        else {
            throw DeployError(
                .notFound, what: "Service \(service) is not part of deployment \(instance)",
                why: "it was not started with it", next: "deployctl status \(context.environment.name)")
        }
        if !context.ports.running([record.services[index]]).isEmpty { return nil }
        record.services[index] = try context.environment.serviceRuntime.restart(
            definition, of: record, as: record.services[index], in: context)
        try records.write(record)
        return record.services[index].body
    }
}
