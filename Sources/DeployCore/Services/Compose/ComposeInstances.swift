import FoundationEssentials

/// App services as containers of the project's own Compose file, one set per deployment.
struct ComposeInstances {
    let context: StepContext

    private var layout: Layout { context.layout }
    private var environment: Environment { context.environment }
    private var engine: ContainerEngine { context.ports.engine }
    private var logs: ContainerLogs { ContainerLogs(context.site) }

    func start(
        _ services: [Service], of instance: Instance,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        guard !services.isEmpty else { return }
        var set = try ComposeRelease(context: context, release: instance.release, database: instance.database)
            .appDocument(instance: instance.id, secrets: "\(layout.instance(instance.id))/secrets")
        try up(&set, services)
        let found = try containers(of: instance.id)
        for service in services {
            guard let container = found.first(where: { $0.service == service.name }) else {
                throw missing(service)
            }
            try refuseUnlimited(container, of: service)
            try record(
                RunningService(
                    name: service.name, body: .container(container.id),
                    address: set.ports[service.name].map { .port($0) }, since: context.ports.clock.now()))
            try logs.follow(
                container.id, of: service.name, marker: layout.instance(instance.id),
                into: context.serviceLog(service.name))
        }
    }

    /// Between choosing a port and the engine's taking it, another program may have been quicker.
    private func up(_ set: inout AppDocument, _ services: [Service]) throws(DeployError) {
        var tries = 0
        while true {
            tries += 1
            set.ports = try ChosenPorts(context: context).all(of: services)
            let document = try set.document()
            for folder in NestedPlaces(document: document, release: layout.release(set.release)).folders {
                try context.ports.files.makeFolder(folder)
            }
            try ComposeMountCheck(context: context).check(document)
            try context.ports.files.publish(JSON.data(document), to: file(set.instance))
            let result = try compose(Self.starting(set.instance, in: layout))
            if result.succeeded { return }
            try context.checkInterruption()
            let taken = ["port is already allocated", "address already in use"]
            guard tries < 3, taken.contains(where: { result.errors.holds($0) }) else {
                throw DeployError(
                    .stepFailed, what: "The containers do not start", why: result.explanation,
                    next: result.engineRemedy)
            }
            _ = try sweep(set.instance)
        }
    }

    /// A new container of the same image, at the same port.
    func restart(_ service: Service, of instance: Instance, as before: RunningService) throws(DeployError)
        -> RunningService
    {
        try ImageStore(context: context).require(instance.release, in: layout.release(instance.release))
        try ComposeMountCheck(context: context).check(fileOf: file(instance.id))
        let result = try compose(Self.restarting(service, of: instance.id, in: layout))
        guard result.succeeded,
            let found = try containers(of: instance.id).first(where: { $0.service == service.name })
        else {
            throw DeployError(
                .stepFailed, what: "Service \(service.name) does not start", why: result.explanation,
                next: "deployctl start \(environment.name)")
        }
        try logs.follow(
            found.id, of: service.name, marker: layout.instance(instance.id),
            into: context.serviceLog(service.name))
        return RunningService(
            name: service.name, body: .container(found.id), address: before.address,
            since: context.ports.clock.now())
    }

    func sweep(_ id: String) throws(DeployError) -> Bool {
        try engine.sweep(Self.labels(of: id, in: environment))
    }

    private func containers(of instance: String) throws(DeployError) -> [ContainerState] {
        try engine.containers(Self.labels(of: instance, in: environment)).filter {
            $0.role != ContainerLabels.job
        }
    }

    private func compose(_ arguments: [String]) throws(DeployError) -> CommandResult {
        try ComposeTool(commands: context.ports.commands)
            .run(arguments, deadline: .seconds(300), diesWithParent: true)
    }

    private func file(_ instance: String) -> String { Self.file(of: instance, in: layout) }

    private func refuseUnlimited(_ container: ContainerState, of service: Service) throws(DeployError) {
        guard let limits = service.limits, let complaint = ComposeLimits.complaint(limits, container) else {
            return
        }
        throw DeployError(
            .stepFailed, what: "Service \(service.name) is not limited as it should be", why: complaint,
            next: "docker info says what this machine cannot limit; mend that, or remove \"limits\"")
    }

    private func missing(_ service: Service) -> DeployError {
        DeployError(
            .stepFailed, what: "Service \(service.name) has no container",
            why: "Compose ended well, and the engine shows none", next: "deployctl doctor")
    }
}

extension ComposeInstances {
    /// What `start` starts.
    static func programs(starting id: String, _ release: Timestamp, in layout: Layout) -> [ProgramCall] {
        guard !layout.environment.appServices.isEmpty else { return [] }
        return ComposeRelease.programs(release, in: layout) + ComposeMountCheck.programs(in: layout)
            + ComposeTool.programs(starting(id, in: layout))
            + ContainerEngine.programs(listing: labels(of: id, in: layout.environment))
            + ContainerLogs.programs
    }

    /// What `restart` starts.
    static func programs(restarting service: Service, of id: String, in layout: Layout) -> [ProgramCall] {
        ImageStore.programsRequiring + ComposeMountCheck.programs(in: layout)
            + ComposeTool.programs(restarting(service, of: id, in: layout))
            + ContainerEngine.programs(listing: labels(of: id, in: layout.environment))
            + ContainerLogs.programs
    }

    /// What `sweep` starts.
    static func programs(sweeping id: String, in layout: Layout) -> [ProgramCall] {
        ContainerEngine.programs(sweeping: labels(of: id, in: layout.environment))
    }

    private static func starting(_ id: String, in layout: Layout) -> [String] {
        project(id, in: layout) + ["up", "--detach", "--no-build", "--quiet-pull"]
    }

    private static func restarting(_ service: Service, of id: String, in layout: Layout) -> [String] {
        starting(id, in: layout) + ["--no-deps", "--force-recreate", "\(service.name)-\(id)"]
    }

    private static func project(_ id: String, in layout: Layout) -> [String] {
        ComposeCommands.project("\(layout.environment.composeProject)-\(id)", file: file(of: id, in: layout))
    }

    private static func file(of id: String, in layout: Layout) -> String {
        "\(layout.instance(id))/compose.json"
    }

    private static func labels(of id: String, in environment: Environment) -> [String: String] {
        ContainerLabels.of(environment).merging([ContainerLabels.instance: id]) { $1 }
    }
}
