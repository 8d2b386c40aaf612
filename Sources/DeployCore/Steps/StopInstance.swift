/// Lets an instance finish what it holds, then ends it; taking this back starts it again.
struct StopInstance: StepWork {
    static let id = "stop-instance"
    var instance: String
    var release: Timestamp
    var database: DatabaseLocation?
    /// Whether the new release serves already, so that a failure here takes nothing back.
    var afterCutover: Bool
    /// What it was started by, when the definition says otherwise by now.
    var runtime: Environment.Runtime.Kind?

    init(_ serving: Serving, afterCutover: Bool) {
        self.instance = serving.instance
        self.release = serving.release
        self.database = serving.database
        self.afterCutover = afterCutover
        self.runtime = serving.runtime
    }

    var title: String {
        "Drain and stop release \(release)\(afterCutover ? " (deployment \(instance))" : "")"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        ServiceRuntimes.programsEnding("{hold}", startedBy: nil, in: layout).when(
            "something holds its writes")
            + ServiceRuntimes.programsEnding(instance, startedBy: runtime, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        // The new release serves: what is left is finished.
        if afterCutover, context.environment.serviceRuntime.endsByPrograms {
            context.ports.interruption.shield()
        }
        let stopper = InstanceStopper(context: context)
        let records = context.site.records
        for hold in records.all where records.read(hold)?.holds == instance {
            _ = try stopper.drain(hold, upTo: context.environment.drain)
            try stopper.discard(hold)
        }
        let drained = try stopper.drain(instance, upTo: context.environment.drain)
        let killed = try stopper.stop(instance)
        if context.plan.kind == .stop { try stopper.endStrays() }
        let limit = Int(context.environment.drain.seconds)
        let cut =
            killed.isEmpty
            ? "" : "; \(killed.joined(separator: ", ")) did not end in time and was killed"
        return (drained ? "drained" : "ended with connections open after \(limit) s") + cut
    }

    func undo(in context: StepContext) throws(DeployError) {
        if !context.isWhole(instance) {
            _ = try InstanceStarter(context: context).start(instance, release: release, database: database)
        }
        try HealthCheck(context: context).wait(for: instance, stoppable: false)
    }

    var failure: FailurePolicy { afterCutover ? .warn : .unwind }
}
