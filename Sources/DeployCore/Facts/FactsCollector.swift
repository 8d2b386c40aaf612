import FoundationEssentials

/// Reads what is needed to plan: links, records, state, the database's migration table.
struct FactsCollector: Sendable {
    let workspace: Workspace

    private var ports: Ports { workspace.ports }
    private var project: String { workspace.project }

    init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Looks once at everything a plan depends on.
    ///
    /// `starting`: whether that may be to start something, for which this machine needs what the definition asks for.
    func collect(_ definition: Environment, starting: Bool = true) throws(DeployError) -> EnvironmentFacts {
        var environment = definition
        let hasNginx = ports.commands.has("nginx")
        environment.runtime.strategy =
            starting
            ? try StrategyRule.strategy(of: definition, hasNginx: hasNginx)
            : StrategyRule.meant(by: definition, hasNginx: hasNginx)
        let site = workspace.site(environment)
        let layout = site.layout
        let records = site.records
        let current = try currentRelease(of: environment.name)
        let engine = ports.databases.engine(for: layout)
        let instance = records.current
        let database = location(layout, engine) ?? bound(instance, layout)
        let (migrations, unreadable) = recorded(database, engine)
        var facts = EnvironmentFacts(
            project: project, environment: environment,
            serving: instance.map { serving($0, environment) },
            servingRuns: instance.map { instance in
                ports.running(instance.services).count == instance.services.count
            } ?? false,
            release: current, database: database,
            recordedMigrations: migrations)
        facts.unreadable = unreadable
        facts.lostDatabase = try lost(database, instance, current, layout, engine)
        return facts
    }

    /// Only what an engine says is not there is lost; one that cannot be asked may have it.
    private func lost(
        _ database: DatabaseLocation?, _ instance: Instance?, _ current: Release?, _ layout: Layout,
        _ engine: any DatabasePlacing
    ) throws(DeployError) -> DatabaseLocation? {
        let environment = layout.environment
        guard let definition = environment.database, definition.fresh != true, current != nil,
            let deployed = try ports.state.lastDefinition(of: environment.name)?.database,
            deployed.engine == definition.engine, deployed.fresh != true
        else { return nil }
        let wanted = database ?? instance?.database ?? layout.database(.live)
        guard let wanted, (try? engine.exists(wanted)) == false else { return nil }
        // Another database that the definition names now begins empty, as it is meant to.
        var earlier = environment
        earlier.database = deployed
        let before = Layout(project: project, environment: earlier)
        return layout.databaseLink == nil && before.database(.live) != wanted ? nil : wanted
    }

    private func serving(_ instance: Instance, _ environment: Environment) -> Serving {
        var serving = Serving(
            instance: instance.id, release: instance.release, database: instance.database)
        serving.runtime = ServiceRuntimes.earlierKind(of: instance.services, in: environment)
        return serving
    }

    /// The release the last succeeded deployment made current.
    func currentRelease(of environment: String) throws(DeployError) -> Release? {
        let last = try ports.state.releaseMoves(of: environment, limit: 1).first
        guard let timestamp = last?.release else { return nil }
        return try ports.state.release(timestamp)
    }

    /// Nothing where a server cannot be asked: it may be stopped with everything else.
    private func recorded(_ database: DatabaseLocation?, _ engine: any DatabasePlacing & DatabaseMigrating)
        -> (names: [String], unreadable: DeployError?)
    {
        guard let database, (try? engine.exists(database)) == true else { return ([], nil) }
        do throws(DeployError) {
            return (try engine.appliedMigrations(database).map(\.name), nil)
        } catch {
            return ([], error)
        }
    }

    /// A server that cannot be asked is taken to have its database: only looking can show that it has not.
    private func location(_ layout: Layout, _ engine: any DatabasePlacing) -> DatabaseLocation? {
        guard let link = layout.databaseLink else {
            guard let live = layout.database(.live) else { return nil }
            return (try? engine.exists(live)) == false ? nil : live
        }
        if let target = ports.files.linkTarget(link) {
            // The application may own the link: whatever it names, the file lies beside it.
            return DatabaseLocation("\(Path.parent(link))/\(Path.name(target))")
        }
        return nil
    }

    /// The generation that serves, where only the link to it is gone.
    private func bound(_ instance: Instance?, _ layout: Layout) -> DatabaseLocation? {
        guard let link = layout.databaseLink, ports.files.kind(of: link) == nil,
            let name = instance?.database.map({ Path.name($0.name) })
        else { return nil }
        let file = "\(Path.parent(link))/\(name)"
        return ports.files.kind(of: file) == .file ? DatabaseLocation(file) : nil
    }
}
