/// Says what to run so that a person works inside a service or in the database.
public struct Console: Sendable {
    let workspace: Workspace
    let origin: Origin

    private var ports: Ports { workspace.ports }

    public init(
        _ workspace: Workspace, origin: Origin
    ) {
        self.workspace = workspace
        self.origin = origin
    }

    /// A program where the service runs, with what the service knows; secrets are never arguments.
    ///
    /// - Throws: `.notFound` when the service does not run.
    public func program(
        _ vector: [String], in name: String, of definition: Environment, onTerminal: Bool
    ) throws(DeployError) -> CommandRequest {
        let facts = try FactsCollector(workspace).collect(definition)
        let environment = facts.environment
        let site = workspace.site(environment)
        let service = try known(name, in: environment)
        let records = site.records
        guard service.role == .app else { return try inData(vector, service, environment, onTerminal) }
        guard let instance = records.current,
            let running = instance.services.first(where: { $0.name == name })
        else { throw stopped(name, environment) }
        guard let container = running.container else {
            return try inFolder(vector, instance, environment)
        }
        guard !ports.running([running]).isEmpty else { throw stopped(name, environment) }
        return Self.inContainer(container, vector, onTerminal)
    }

    /// The console of the database that serves now.
    public func database(of definition: Environment) throws(DeployError) -> CommandRequest {
        let facts = try FactsCollector(workspace).collect(definition)
        let site = workspace.site(facts.environment)
        guard let location = facts.serving?.database ?? facts.database ?? site.layout.database(.live) else {
            throw DeployError(
                .notFound, what: "\(definition.name) has no database", why: "its definition names none",
                next: "deployctl validate")
        }
        return try site.database.console(location)
    }

    private func known(_ name: String, in environment: Environment) throws(DeployError) -> Service {
        let services = environment.services.filter {
            $0.role == .app || $0.role == .data && environment.runtime.kind == .compose
        }
        guard let service = services.first(where: { $0.name == name }) else {
            throw DeployError(
                .notFound, what: "No service \(name) in \(environment.name)",
                why: "known are \(services.map(\.name).joined(separator: ", "))",
                next: "deployctl status \(environment.name)")
        }
        return service
    }

    private func inData(
        _ vector: [String], _ service: Service, _ environment: Environment, _ onTerminal: Bool
    ) throws(DeployError) -> CommandRequest {
        let labels = ContainerLabels.of(environment).merging(
            [ContainerLabels.service: service.name, ContainerLabels.role: Service.Role.data.rawValue]) { $1 }
        let containers = try ContainerCommands(commands: ports.commands).containers(labels)
        guard let container = containers.first(where: \.isRunning) else {
            throw stopped(service.name, environment)
        }
        return Self.inContainer(container.id, vector, onTerminal)
    }

    private func inFolder(
        _ vector: [String], _ instance: Instance, _ environment: Environment
    ) throws(DeployError) -> CommandRequest {
        guard let command = Command(vector: vector), let timestamp = Timestamp(digits: instance.id),
            let plan = try ports.state.plan(of: timestamp)
        else { throw stopped("", environment) }
        let context = StepContext(
            workspace, plan: plan, origin: origin,
            secrets: try Run.fetch(environment, from: ports.secrets))
        var variables = try ServiceEnvironment.variables(
            context, release: instance.release, database: instance.database, instance: nil)
        variables.merge(context.applicationSecrets) { mine, _ in mine }
        return CommandRequest(
            command, in: context.layout.release(instance.release), environment: variables)
    }

    private static func inContainer(_ id: String, _ vector: [String], _ onTerminal: Bool) -> CommandRequest {
        CommandRequest(
            Command("docker", ["exec", "--interactive"] + (onTerminal ? ["--tty"] : []) + [id] + vector))
    }

    private func stopped(_ name: String, _ environment: Environment) -> DeployError {
        DeployError(
            .notFound, what: "Service \(name) does not run in \(environment.name)",
            why: "there is nothing to run a program in",
            next: "deployctl start \(environment.name)")
    }
}
