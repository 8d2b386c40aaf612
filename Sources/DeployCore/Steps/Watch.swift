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
        let pauses = context.environment.serviceRuntime.pauses
        var (looks, patience): (Int, Deadline?) = (0, nil)
        /// Whether something was seen.
        func look() throws(DeployError) -> Bool {
            looks += 1
            let look = InstanceLookout(context.site, instance: instance).lookAsUsersDo()
            if let service = look.ended.first {
                throw failure(service, context)
            }
            if let complaint = look.doorComplaint {
                try context.checkInterruption()
                throw failure(complaint, context, service: nil)
            }
            let now = context.ports.clock.now()
            var end = patience ?? Deadline(in: Self.patience, at: now)
            guard let silence = look.silence else {
                patience = nil
                return true
            }
            if end.hasPassed(at: now) {
                throw failure("nobody can tell whether it runs: \(silence)", context, service: nil)
            }
            patience = end
            return false
        }
        _ = try context.wait(upTo: duration, every: pauses.most, from: pauses.first) {
            () throws(DeployError) in
            _ = try look()
            return false
        }
        // The watch ends with something that was seen, or fails.
        while patience != nil, try !look() {
            _ = try context.wait(upTo: pauses.first, every: pauses.first) { false }
        }
        try refuseSickness(context)
        return "healthy in \(looks) looks"
    }

    /// How long nobody may be able to tell whether it runs.
    private static let patience = Duration.seconds(10)

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
