import FoundationEssentials

/// App services as a stack of the swarm, one per deployment.
struct StackInstances {
    let context: StepContext

    private var layout: Layout { context.layout }
    private var environment: Environment { context.environment }
    private var swarm: Swarm { context.ports.swarm }
    private var logs: ContainerLogs { ContainerLogs(context.site) }

    func start(
        _ services: [Service], of instance: Instance,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        guard !services.isEmpty else { return }
        try RegistryImages(context: context).require(instance.release)
        var apps = try ComposeRelease(
            context: context, release: instance.release, database: instance.database
        )
        .appDocument(instance: instance.id, secrets: "\(layout.instance(instance.id))/secrets")
        let document = try bring(&apps, services)
        let found = try swarm.services(StackDocument.labels(of: instance.id, in: environment))
        for service in services {
            guard let one = found.first(where: { $0.service == service.name }) else { throw missing(service) }
            let address = apps.ports[service.name].map { ServiceAddress.port($0) }
            try record(running(service, of: instance.id, as: one, at: address, document))
            try follow(one, of: instance.id)
        }
        try converge(found.filter { one in services.contains { $0.name == one.service } }.map(\.id))
    }

    /// Between choosing a port and the swarm's taking it, somebody may have been quicker.
    private func bring(_ apps: inout AppDocument, _ services: [Service]) throws(DeployError) -> JSONTree {
        var tries = 0
        while true {
            tries += 1
            apps.ports = try ChosenPorts(context: context).all(of: services)
            let document = try StackDocument(apps: apps).document(site: layout.project)
            try context.ports.files.publish(JSON.data(document), to: Self.whole(apps.instance, in: layout))
            let result = try deploy(document, services, of: apps.instance)
            if result.succeeded { return document }
            try context.checkInterruption()
            guard tries < 3, result.errors.holds("already in use") else { throw refused(result) }
            _ = try sweep(apps.instance)
        }
    }

    private func deploy(_ document: JSONTree, _ services: [Service], of instance: String) throws(DeployError)
        -> CommandResult
    {
        let part = StackDocument.part(document, of: services.map { key($0, of: instance) })
        try context.ports.files.publish(JSON.data(part), to: Self.part(instance, in: layout))
        return context.ports.commands.run(
            CommandRequest(
                Self.deploying(instance, in: layout), deadline: .seconds(300), diesWithParent: true))
    }

    /// The same service with new copies, or made again where somebody removed it; at the same port.
    func restart(_ service: Service, of instance: Instance, as before: RunningService) throws(DeployError)
        -> RunningService
    {
        try RegistryImages(context: context).require(instance.release)
        let path = Self.whole(instance.id, in: layout)
        guard let written = try context.ports.files.read(path) else { throw missing(service) }
        let document = try JSON.value(JSONTree.self, from: written, named: path)
        let earlier = try before.body.swarm.map { id throws(DeployError) in try swarm.looks(at: [id]) } ?? []
        if let one = earlier.first {
            let written = document["services"]?[key(service, of: instance.id)]
            let copies = written?["deploy"]?["replicas"]?.integer ?? 1
            try context.run(
                CommandRequest(
                    SwarmCommands.renew(one.service.id, copies: "\(copies)"), deadline: .seconds(60)),
                because: "Service \(service.name) does not start")
        } else {
            let result = try deploy(document, [service], of: instance.id)
            guard result.succeeded else { throw refused(result) }
        }
        let found = try swarm.services(StackDocument.labels(of: instance.id, in: environment))
        guard let one = found.first(where: { $0.service == service.name }) else { throw missing(service) }
        try converge([one.id], beside: Set(earlier.flatMap(\.tasks).map(\.id)))
        try follow(one, of: instance.id)
        return running(service, of: instance.id, as: one, at: before.address, document)
    }

    /// Waits until each runs in as many copies as it is to, of the image it is to.
    ///
    /// `known`: copies of before, of which none counts.
    private func converge(_ ids: [String], beside known: Set<String> = []) throws(DeployError) {
        var late: [SwarmLook] = []
        var homeless = 0
        let converged = try context.wait(
            upTo: .seconds(300), every: .seconds(1), from: .milliseconds(200)
        ) { () throws(DeployError) in
            late = try swarm.looks(at: ids).filter { look in
                look.complaint != nil || look.live.contains { known.contains($0.id) }
            }
            if let sick = late.first(where: { $0.failures(beside: known) >= 3 }) { throw refusal(sick) }
            homeless = late.contains { $0.homeless != nil } ? homeless + 1 : 0
            if homeless > 15, let sick = late.first(where: { $0.homeless != nil }) { throw refusal(sick) }
            return late.isEmpty
        }
        if !converged, let sick = late.first { throw refusal(sick) }
    }

    /// Removes everything of an instance; true when nothing is left on any machine that answers.
    ///
    /// A copy may take as long to end as its Compose file grants it.
    ///
    /// - Throws: `.stepFailed` when no manager answers.
    func sweep(_ id: String) throws(DeployError) -> Bool {
        let labels = StackDocument.labels(of: id, in: environment)
        var isRemoved = false
        return try context.wait(
            upTo: .seconds(60), every: .milliseconds(500), from: .milliseconds(100), stoppable: false
        ) { () throws(DeployError) in
            if !isRemoved {
                let request = CommandRequest(Self.sweeping(id, in: environment), deadline: .seconds(60))
                isRemoved = context.ports.commands.run(request).succeeded
            }
            guard try swarm.services(labels).isEmpty, isRemoved else { return false }
            return try swarm.remains(labels).isEmpty
        }
    }

    private func running(
        _ service: Service, of instance: String, as one: SwarmService, at address: ServiceAddress?,
        _ document: JSONTree
    ) -> RunningService {
        var running = RunningService(
            name: service.name, body: .swarm(one.id), address: address, since: context.ports.clock.now())
        let grace = document["services"]?[key(service, of: instance)]?["stop_grace_period"]?.text
        // A manager hears of an end a moment after it, and where machines are busy that is a long one.
        let longest = grace.map { DurationText.parse($0) ?? .seconds(60) } ?? .seconds(10)
        running.stop = Service.Stop(signal: .TERM, timeout: longest + .seconds(20))
        return running
    }

    private func key(_ service: Service, of instance: String) -> String {
        StackDocument.key(service.name, of: instance, in: environment)
    }

    private func follow(_ one: SwarmService, of instance: String) throws(DeployError) {
        try logs.follow(
            one.id, of: one.service, marker: layout.instance(instance), into: context.serviceLog(one.service),
            by: SwarmCommands.follow)
    }

    private func refusal(_ look: SwarmLook) -> DeployError {
        DeployError(
            .stepFailed, what: "Service \(look.service.service) does not run on the swarm",
            why: look.complaint ?? "its copies of before still run", next: context.wayOutOfSickness)
    }

    private func refused(_ result: CommandResult) -> DeployError {
        DeployError(
            .stepFailed, what: "The swarm does not take the release", why: result.explanation,
            next: "deployctl doctor")
    }

    private func missing(_ service: Service) -> DeployError {
        DeployError(
            .stepFailed, what: "Service \(service.name) is not on the swarm",
            why: "the release's stack has no such service", next: "deployctl start \(environment.name)")
    }
}

extension StackInstances {
    /// What `start` starts.
    static func programs(starting id: String, _ release: Timestamp, in layout: Layout) -> [ProgramCall] {
        guard !layout.environment.appServices.isEmpty else { return [] }
        return RegistryImages.programsRequiring + ComposeRelease.programs(release, in: layout)
            + [deploying(id, in: layout)].calls
            + Swarm.programs(listing: StackDocument.labels(of: id, in: layout.environment))
            + Swarm.programsLooking + programsFollowing
            + programs(sweeping: id, in: layout).when("a port was taken meanwhile")
    }

    /// What `restart` starts.
    static func programs(restarting service: Service, of id: String, in layout: Layout) -> [ProgramCall] {
        RegistryImages.programsRequiring + Swarm.programsLooking
            + [SwarmCommands.renew("{service}", copies: "{copies}")].calls.when("it is there")
            + [deploying(id, in: layout)].calls.when("somebody removed it")
            + Swarm.programs(listing: StackDocument.labels(of: id, in: layout.environment))
            + programsFollowing
    }

    /// What `sweep` starts.
    static func programs(sweeping id: String, in layout: Layout) -> [ProgramCall] {
        let labels = StackDocument.labels(of: id, in: layout.environment)
        return [sweeping(id, in: layout.environment)].calls + Swarm.programs(listing: labels)
            + Swarm.programs(remainingOf: labels)
    }

    /// What following a service's log starts.
    static var programsFollowing: [ProgramCall] {
        [SwarmCommands.follow("{service}", since: nil)].calls.when("its log begins")
            + [SwarmCommands.follow("{service}", since: "{moment}")].calls.when("its log goes on")
    }

    private static func sweeping(_ id: String, in environment: Environment) -> Command {
        SwarmCommands.removeStack(StackDocument.name(of: id, in: environment))
    }

    private static func deploying(_ id: String, in layout: Layout) -> Command {
        SwarmCommands.deploy(
            part(id, in: layout), as: StackDocument.name(of: id, in: layout.environment))
    }

    private static func whole(_ id: String, in layout: Layout) -> String {
        "\(layout.instance(id))/stack.json"
    }
    private static func part(_ id: String, in layout: Layout) -> String {
        "\(layout.instance(id))/stack-part.json"
    }
}
