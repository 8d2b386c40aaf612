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
        try InstanceStarter(context: context).startHold(hold, over: instance)
        try context.ports.files.pointLink(context.layout.currentInstance, to: hold)
        let drained = try InstanceStopper(context: context)
            .drain(serving.instance, upTo: context.environment.drain)
        return drained
            ? "writes in flight are finished" : "connections stay open; what they write is kept aside"
    }

    func undo(in context: StepContext) throws(DeployError) {
        if context.ports.files.linkTarget(context.layout.currentInstance) == hold {
            try context.ports.files.pointLink(context.layout.currentInstance, to: serving.instance)
        }
        let stopper = InstanceStopper(context: context)
        _ = try stopper.drain(hold, upTo: context.environment.drain)
        try stopper.discard(hold)
    }
}

/// The instant traffic, and with it the data, moves to the new instance.
struct CutOver: StepWork {
    static let id = "cut-over"
    var next: Serving
    var previous: Serving?

    init(to next: Serving, from previous: Serving?) {
        self.next = next
        self.previous = previous
    }

    var title: String { "Cut traffic over to release \(next.release)" }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try point(to: next, in: context)
        return "deployment \(next.instance) serves"
    }

    func undo(in context: StepContext) throws(DeployError) {
        if let previous { return try point(to: previous, in: context) }
        try context.ports.files.remove(context.layout.currentInstance)
        try context.ports.files.remove(context.layout.currentRelease)
    }

    private func point(to serving: Serving, in context: StepContext) throws(DeployError) {
        let (files, layout) = (context.ports.files, context.layout)
        try files.pointLink(layout.currentInstance, to: serving.instance)
        try files.pointLink(layout.currentRelease, to: "releases/\(serving.release)")
        if let database = serving.database, let link = layout.databaseLink {
            try files.pointLink(link, to: Path.name(database.name))
        }
    }
}

/// Asks through the public ports whether the new instance, and no other, answers.
struct VerifyFrontDoor: StepWork {
    static let id = "verify-front-door"
    var instance: String

    var title: String { "Verify through the front door" }

    func programs(in layout: Layout) -> [ProgramCall] {
        FrontDoor(environment: layout.environment).programs(times: Self.times)
    }

    private static let times = 3

    func perform(in context: StepContext) throws(DeployError) -> String {
        let door = FrontDoor(environment: context.environment)
        guard let request = door.request(times: Self.times) else { return "no public port" }
        let result = context.ports.commands.run(request)
        if let complaint = door.complaint(about: result, expecting: Self.times, from: instance) {
            try context.checkInterruption()
            throw DeployError(
                .stepFailed, what: "The front door does not show the new release", why: complaint,
                next: "deployctl doctor")
        }
        return "\(Self.times) of \(Self.times) answers come from it"
    }
}

/// Observes the new release under real traffic before the old one is stopped.
struct Watch: StepWork {
    static let id = "watch"
    var instance: String
    var duration: Duration

    var title: String { "Watch it for \(Int(duration.seconds)) s" }

    func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .watch, in: layout)
            + FrontDoor(environment: layout.environment).programs()
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        var looks = 0
        _ = try context.wait(upTo: duration, every: .milliseconds(250)) { () throws(DeployError) in
            looks += 1
            let look = InstanceLookout(context.site, instance: instance).lookAsUsersDo()
            if let service = look.ended.first {
                throw failure("service \(service) ended", context, service: service)
            }
            if let complaint = look.doorComplaint {
                try context.checkInterruption()
                throw failure(complaint, context, service: nil)
            }
            return false
        }
        return "healthy in \(looks) looks"
    }

    private func failure(_ why: String, _ context: StepContext, service: String?) -> DeployError {
        let lines =
            service.map { LogTail(files: context.ports.files).last(10, of: context.layout.serviceLog($0)) }
            ?? []
        return DeployError(
            .stepFailed, what: "The new release does not stay healthy",
            why: ([why] + lines).joined(separator: "\n"),
            next: context.wayOutOfSickness)
    }
}

extension StepContext {
    /// Whether traffic may have reached what this plan made, so that something may have been written.
    func cutOverBegan() throws(DeployError) -> Bool {
        try ports.state.steps(of: plan.timestamp).contains { $0.step == CutOver.id }
    }
}
