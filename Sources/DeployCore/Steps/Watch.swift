/// Observes the new release under real traffic before the old one is stopped.
struct Watch: StepWork {
    static let id = "watch"
    var instance: String
    var duration: Duration

    var title: String { "Watch it for \(Int(duration.seconds)) s" }

    func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .watch, in: layout)
            + FrontDoor(layout: layout).programs()
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
        return "healthy in \(looks) looks"
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
        let lines =
            service.map { LogTail(files: context.ports.files).quotable(of: context.layout.serviceLog($0)) }
            ?? []
        return DeployError(
            .stepFailed, what: "The new release does not stay healthy",
            why: ([why] + lines).joined(separator: "\n"),
            next: next ?? context.wayOutOfSickness)
    }
}
