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
        let facts = try FactsCollector(workspace).collect(definition, starting: false)
        let environment = facts.environment
        let site = workspace.site(environment)
        let services = try known(name, in: environment)
        guard let command = Command(vector: vector) else { throw stopped(name, environment) }
        if let data = services.first(where: { $0.role == .data }) {
            let program = try environment.serviceRuntime.console(
                command, inData: data, of: site, onTerminal: onTerminal)
            guard let program else { throw stopped(name, environment) }
            return program
        }
        guard let instance = site.records.current,
            let running = replica(of: services, in: instance),
            let program = try running.runtime?.console(
                command, in: running, of: instance, on: ports, onTerminal: onTerminal,
                context: { () throws(DeployError) in try context(of: instance, environment) })
        else { throw stopped(name, environment) }
        return program
    }

    /// The console of the database that serves now.
    public func database(of definition: Environment) throws(DeployError) -> CommandRequest {
        let facts = try FactsCollector(workspace).collect(definition, starting: false)
        let site = workspace.site(facts.environment)
        guard let location = facts.serving?.database ?? facts.database ?? site.layout.database(.live) else {
            throw DeployError(
                .notFound, what: "\(definition.name) has no database", why: "its definition names none",
                next: "deployctl validate")
        }
        guard try site.database.exists(location) else {
            throw DeployError(
                .notFound, what: "There is no database in \(definition.name) yet",
                why: "nothing was deployed that makes it", next: "deployctl \(definition.name)")
        }
        return try site.database.console(location)
    }

    /// The first of them that runs, or the first.
    private func replica(of services: [Service], in instance: Instance) -> RunningService? {
        let started = services.compactMap { service in
            instance.services.first { $0.name == service.name }
        }
        let running = ports.running(started)
        return started.first { running.contains($0.name) } ?? started.first
    }

    /// A service, or all its replicas.
    private func known(_ name: String, in environment: Environment) throws(DeployError) -> [Service] {
        let services = environment.ownServices
        let found = services.filter { $0.name == name || $0.definedName == name }
        guard !found.isEmpty else {
            throw DeployError(
                .notFound, what: "No service \(name) in \(environment.name)",
                why: "known are \(services.map(\.name).joined(separator: ", "))",
                next: "deployctl status \(environment.name)")
        }
        return found
    }

    /// The run that started the instance, with the secrets it may know.
    private func context(of instance: Instance, _ environment: Environment) throws(DeployError)
        -> StepContext
    {
        guard let timestamp = Timestamp(digits: instance.id), let plan = try ports.state.plan(of: timestamp)
        else { throw stopped("", environment) }
        return StepContext(
            workspace, plan: plan, origin: origin,
            secrets: try Run.fetch(for: .start, at: workspace.site(environment)))
    }

    private static func isDeployed(_ environment: Environment, _ workspace: Workspace) -> Bool {
        (try? FactsCollector(workspace).currentRelease(of: environment.name)) ?? nil != nil
    }

    private func stopped(_ name: String, _ environment: Environment) -> DeployError {
        DeployError(
            .notFound, what: "Service \(name) does not run in \(environment.name)",
            why: "there is nothing to run a program in",
            next: "deployctl \(Self.isDeployed(environment, workspace) ? "start " : "")\(environment.name)")
    }
}
