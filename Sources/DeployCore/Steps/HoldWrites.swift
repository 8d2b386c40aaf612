/// Lets reads through and refuses writes, so that nothing is written to a database about to be replaced.
struct HoldWrites: StepWork {
    static let id = "hold-writes"
    var hold: String
    var serving: Serving
    /// What answers reads meanwhile; nil: what serves.
    var reader: String?

    var title: String { "Hold writes" }

    func programs(in layout: Layout) -> [ProgramCall] {
        InstanceStarter.programs(forHold: hold, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let records = context.site.records
        let reading = reader ?? serving.instance
        guard let instance = records.read(reading) else {
            throw DeployError(
                .stepFailed, what: "Deployment \(reading) does not run", why: "its record is gone",
                next: "deployctl status")
        }
        // What an interrupted try started may have the traffic: it must not end under it.
        try undo(in: context)
        try InstanceStopper(context: context).endDraining()
        try InstanceStarter(context: context).startHold(hold, over: instance)
        try CurrentInstance(context: context).point(to: hold)
        let drained = try InstanceStopper(context: context)
            .drain(serving.instance, upTo: context.environment.drain)
        return drained
            ? "writes in flight are finished" : "connections stay open; what they write is kept aside"
    }

    func stands(in context: StepContext) -> Bool {
        (try? context.cutOverBegan()) == true || context.isWhole(hold)
    }

    func undo(in context: StepContext) throws(DeployError) {
        if context.ports.files.linkTarget(context.layout.currentInstance) == hold {
            try CurrentInstance(context: context).point(to: serving.instance)
        }
        let stopper = InstanceStopper(context: context)
        _ = try stopper.drain(hold, upTo: context.environment.drain)
        try stopper.discard(hold)
    }
}
