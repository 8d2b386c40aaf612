import FoundationEssentials

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
    /// Whether connections that stay open may outlast the run, where a keeper ends the instance then; nil: they may not.
    var outlasts: Bool?
    /// Whether the project's own tool has replaced it already; nil: it runs.
    var isReplaced: Bool?
    /// What tells whether it goes on where an earlier definition deployed it; nil: that is where it was replaced.
    var formerStatus: [String]?

    init(_ serving: Serving, afterCutover: Bool, outlasts: Bool? = nil) {
        self.outlasts = outlasts
        self.instance = serving.instance
        self.release = serving.release
        self.database = serving.database
        self.afterCutover = afterCutover
        self.runtime = serving.runtime
    }

    var title: String {
        if isReplaced == true {
            return "Forget deployment \(instance), which the project's own tool has replaced"
        }
        return "Drain and stop release \(release)\(afterCutover ? " (deployment \(instance))" : "")"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        guard isReplaced != true else { return CommandRuntime.call(formerStatus, release, in: layout) }
        return ServiceRuntimes.programsEnding("{hold}", startedBy: nil, in: layout).when(
            "something holds its writes")
            + ServiceRuntimes.programsEnding(instance, startedBy: runtime, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        if isReplaced == true { return try forget(in: context) }
        // The new release serves: what is left is finished.
        if afterCutover, context.environment.serviceRuntime.endsByPrograms {
            context.ports.interruption.shield()
        }
        let stopper = InstanceStopper(context: context)
        let records = context.site.records
        if !afterCutover { try stopper.endDraining() }
        for hold in records.all where records.read(hold)?.holds == instance {
            _ = try stopper.drain(hold, upTo: context.environment.drain)
            try stopper.discard(hold)
        }
        let began = context.ports.clock.now()
        let isLeft = isKept(in: context)
        let drain = context.environment.drain
        let drained = try stopper.drain(instance, upTo: isLeft ? min(drain, Self.moment) : drain)
        if isLeft, !drained { return try leave(stopper, since: began, in: context) }
        let killed = try stopper.stop(instance, isOver: !drained)
        if context.plan.kind == .stop { try stopper.endStrays() }
        let cut =
            killed.isEmpty
            ? "" : "; \(killed.joined(separator: ", ")) did not end in time and was killed"
        return (drained ? "drained" : "ended with connections open after \(Int(drain.seconds)) s") + cut
    }

    private func forget(in context: StepContext) throws(DeployError) -> String {
        if formerStatus != nil, let left = try context.leftElsewhere(instance) { context.findings.warn(left) }
        try context.ports.files.remove(HandedRelease.path(of: instance, in: context.layout))
        try InstanceStopper(context: context).discard(instance)
        return "forgotten"
    }

    /// As long as requests take that are about to be answered.
    private static let moment = Duration.milliseconds(300)

    /// Whether somebody ends it after the run.
    private func isKept(in context: StepContext) -> Bool {
        guard outlasts == true, runtime == nil, !context.environment.serviceRuntime.endsByPrograms else {
            return false
        }
        let presence = KeeperPresence(files: context.ports.files, project: context.layout.project)
        return presence.holder != nil && !presence.isOutdated
    }

    private func leave(_ stopper: InstanceStopper, since began: Date, in context: StepContext)
        throws(DeployError) -> String
    {
        let until = try stopper.leave(instance, since: began)
        let open = PublicSockets(site: context.site).connections(to: instance)
        return
            "\(open) connection\(open == 1 ? " stays" : "s stay") open until \(UTC.rfc3339(until)) at the latest; its keeper ends it"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.site.records.removeDraining(of: instance)
        if !context.isWhole(instance) {
            _ = try InstanceStarter(context: context).start(instance, release: release, database: database)
        }
        try HealthCheck(context: context).wait(for: instance, stoppable: false)
    }

    var failure: FailurePolicy { afterCutover ? .warn : .unwind }
}
