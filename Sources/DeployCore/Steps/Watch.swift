/// Observes the new release under real traffic before the old one is stopped.
struct Watch: StepWork {
    static let id = "watch"
    var instance: String
    var duration: Duration

    var title: String { "Watch it for \(Int(duration.seconds)) s" }

    func programs(in layout: Layout) -> [ProgramCall] {
        let runtime = layout.environment.serviceRuntime
        return runtime.programs(for: .watch, in: layout) + FrontDoor(layout: layout).programs()
            + runtime.programs(for: .examine, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        var looks = 0
        _ = try context.wait(upTo: duration, every: .milliseconds(250)) { () throws(DeployError) in
            looks += 1
            let look = InstanceLookout(context.site, instance: instance).lookAsUsersDo()
            if let service = look.ended.first {
                throw failure(service, context)
            }
            if let complaint = look.doorComplaint {
                try context.checkInterruption()
                throw failure(complaint, context, service: nil)
            }
            return false
        }
        try refuseSickness(context)
        return "healthy in \(looks) looks"
    }

    /// A health check of the service's own takes its time to say so.
    private func refuseSickness(_ context: StepContext) throws(DeployError) {
        for running in context.site.records.read(instance)?.services ?? [] {
            let life = running.runtime?.life(of: running, on: context.ports)
            guard let life, life.isSick, let complaint = life.complaint else { continue }
            throw failure("service \(running.name): \(complaint)", context, service: running.name)
        }
    }

    private func failure(_ service: String, _ context: StepContext) -> DeployError {
        let running = context.site.records.read(instance)?.services.first { $0.name == service }
        let ending = running.map { ServiceEnding(context: context, running: $0, instance: instance) }
        let how = ending.map { ": \($0.words)" } ?? ""
        return failure("service \(service) ended\(how)", context, service: service, next: ending?.next)
    }

    private func failure(_ why: String, _ context: StepContext, service: String?, next: String? = nil)
        -> DeployError
    {
        let started = context.site.records.read(instance)?.services.first { $0.name == service }?.since
        let lines =
            service.map {
                LogTail(files: context.ports.files).quotable(
                    of: context.layout.serviceLog($0), since: started.map(context.began))
            } ?? []
        return DeployError(
            .stepFailed, what: "The new release does not stay healthy",
            why: ([why] + lines).joined(separator: "\n"),
            next: next ?? context.wayOutOfSickness)
    }
}
