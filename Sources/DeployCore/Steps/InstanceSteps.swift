/// Starts the release's services beside what runs.
public struct StartInstance: StepWork {
    public static let id = "start-instance"
    public var instance: String
    public var release: Timestamp
    public var database: DatabaseLocation?

    public init(instance: String, release: Timestamp, database: DatabaseLocation?) {
        self.instance = instance
        self.release = release
        self.database = database
    }

    public var title: String { "Start release \(release)" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        InstanceStarter.programs(for: instance, release, in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let started = try InstanceStarter(context: context).start(
            instance, release: release, database: database)
        return started.services.map { "\($0.name) as \($0.body)" }.joined(separator: ", ")
    }

    public func undo(in context: StepContext) throws(DeployError) {
        let stopper = InstanceStopper(context: context)
        if try context.cutOverBegan() { _ = try stopper.drain(instance, upTo: context.environment.drain) }
        try stopper.discard(instance)
    }
}

/// Lets an instance finish what it holds, then ends it; taking this back starts it again.
public struct StopInstance: StepWork {
    public static let id = "stop-instance"
    public var instance: String
    public var release: Timestamp
    public var database: DatabaseLocation?
    /// Whether the new release serves already, so that a failure here takes nothing back.
    public var afterCutover: Bool
    /// What it was started by, when the definition says otherwise by now.
    var runtime: Environment.Runtime.Kind?

    public init(_ serving: Serving, afterCutover: Bool) {
        self.instance = serving.instance
        self.release = serving.release
        self.database = serving.database
        self.afterCutover = afterCutover
        self.runtime = serving.runtime
    }

    public var title: String {
        "Drain and stop release \(release)\(afterCutover ? " (deployment \(instance))" : "")"
    }

    public func programs(in layout: Layout) -> [ProgramCall] {
        ServiceRuntimes.programsEnding("{hold}", startedBy: nil, in: layout).when(
            "something holds its writes")
            + ServiceRuntimes.programsEnding(instance, startedBy: runtime, in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
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
        try stopper.stop(instance)
        return drained
            ? "drained" : "ended with connections open after \(Int(context.environment.drain.seconds)) s"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        let records = context.site.records
        let isWhole = records.read(instance).map { known in
            context.ports.running(known.services).count == known.services.count
                && known.front.map(context.ports.processes.isRunning) != false
        }
        if isWhole != true {
            _ = try InstanceStarter(context: context).start(instance, release: release, database: database)
        }
        try HealthCheck(context: context).wait(for: instance, stoppable: false)
    }

    public var failure: FailurePolicy { afterCutover ? .warn : .unwind }
}

/// Waits until every service of the instance answers well, from its own address.
public struct CheckHealth: StepWork {
    public static let id = "check-health"
    public var instance: String

    public init(instance: String) { self.instance = instance }

    public var title: String { "Wait until it is healthy" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        HealthCheck.programs(for: instance, in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try HealthCheck(context: context).wait(for: instance, stoppable: true)
    }
}
