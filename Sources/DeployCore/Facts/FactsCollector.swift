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
        // Who only looks waits for no server that hangs.
        let engine = ports.databases.engine(for: layout, within: starting ? nil : .seconds(10))
        let instance = records.current
        let meant = location(layout) ?? bound(instance, layout)
        let (isThere, denied) = asked(meant, engine, environment.database, starting: starting)
        // A file's link stays where the file is gone.
        let database = layout.databaseLink == nil && isThere == false ? nil : meant
        let (migrations, unreadable) = isThere == true ? recorded(database, engine) : ([], nil)
        var facts = EnvironmentFacts(
            project: project, environment: environment,
            serving: instance.map { serving($0, environment) },
            servingRuns: instance.map { instance in
                ports.running(instance.services).count == instance.services.count
            } ?? false,
            release: current, database: database,
            recordedMigrations: migrations)
        (facts.unreadable, facts.denied) = (unreadable, denied)
        facts.unasked = meant != nil && (isThere == nil || unreadable != nil)
        facts.features = try FeaturePlace(site: site).shares
        if current != nil, isThere == false || meant == nil {
            facts.lostDatabase = try lost(meant ?? instance?.database, layout, engine)
        }
        return facts
    }

    /// Whether it is there, where that is known, and why the server does not give it.
    ///
    /// What is about to be changed is asked for as the application too, and where that is made anew, whether the application
    /// is let in; a server in a container is started first.
    private func asked(
        _ location: DatabaseLocation?, _ engine: any DatabasePlacing, _ definition: Environment.Database?,
        starting: Bool
    ) -> (isThere: Bool?, denied: DeployError?) {
        guard let location else { return (nil, nil) }
        do throws(DeployError) {
            switch try engine.reach(location) {
            case .there:
                guard starting else { return (true, nil) }
                let stays = definition?.fresh == true ? nil : location
                return (true, try engine.complaint(at: stays, asking: ports.commands))
            case .missing:
                guard starting, definition?.service == nil else { return (false, nil) }
                return (false, try engine.complaint(at: nil, asking: ports.commands))
            case .denied(let error): return (nil, error)
            }
        } catch {
            // What is wrong with the definition or a secret is said by whoever needs them.
            return (nil, definition?.service == nil && error.code == .stepFailed ? error : nil)
        }
    }

    /// What an engine says is not there; nil where nothing was in it yet.
    private func lost(
        _ missing: DatabaseLocation?, _ layout: Layout, _ engine: any DatabasePlacing
    ) throws(DeployError) -> DatabaseLocation? {
        let environment = layout.environment
        guard let missing, let definition = environment.database, definition.fresh != true,
            let deployed = try ports.state.lastDefinition(of: environment.name)?.database,
            deployed.engine == definition.engine, deployed.fresh != true
        else { return nil }
        // Another database that the definition names now begins empty, as it is meant to.
        var earlier = environment
        earlier.database = deployed
        let before = Layout(project: project, environment: earlier)
        guard before.databaseLink == layout.databaseLink, (try? engine.exists(missing)) == false else {
            return nil
        }
        guard let link = layout.databaseLink else { return before.database(.live) == missing ? missing : nil }
        // What lies where the link was is what the next deployment goes on with.
        return ports.files.kind(of: link) == .file ? nil : missing
    }

    private func serving(_ instance: Instance, _ environment: Environment) -> Serving {
        var serving = Serving(
            instance: instance.id, release: instance.release, database: instance.database)
        serving.runtime = ServiceRuntimes.earlierKind(of: instance.services, in: environment)
        serving.formerStatus = workspace.site(environment).formerStatus(of: instance.id)
        return serving
    }

    /// The release the last succeeded deployment made current.
    func currentRelease(of environment: String) throws(DeployError) -> Release? {
        let last = try ports.state.releaseMoves(of: environment, limit: 1).first
        guard let timestamp = last?.release else { return nil }
        return try ports.state.release(timestamp)
    }

    /// What deploys to an environment that has nothing: it gets what another one proved, and that one the commit.
    func wayToFirstRelease(of environment: Environment) -> String {
        guard let source = environment.promotion?.from, (try? currentRelease(of: source)) == .some(nil) else {
            return "deployctl \(environment.name)"
        }
        return "deployctl \(source)"
    }

    private func recorded(_ database: DatabaseLocation?, _ engine: any DatabaseMigrating)
        -> (names: [String], unreadable: DeployError?)
    {
        guard let database else { return ([], nil) }
        do throws(DeployError) {
            return (try engine.appliedMigrations(database).map(\.name), nil)
        } catch {
            return ([], error)
        }
    }

    /// Where the data is meant to be, whether it is there or not.
    private func location(_ layout: Layout) -> DatabaseLocation? {
        guard let link = layout.databaseLink else { return layout.database(.live) }
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
