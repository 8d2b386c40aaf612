import FoundationEssentials

/// Starts a release's services and its front, recording each before the next.
struct InstanceStarter {
    let context: StepContext

    private var layout: Layout { context.layout }
    private var ports: Ports { context.ports }
    private var records: InstanceRecords { context.site.records }

    /// What `start` starts.
    static func programs(for instance: String, _ release: Timestamp, in layout: Layout) -> [ProgramCall] {
        let runtime = layout.environment.serviceRuntime
        let strategy = layout.environment.runtime.strategy
        return (strategy == .ownTool ? [] : runtime.programs(for: .sweep(instance: instance), in: layout))
            + runtime.programs(for: .start(instance: instance, release), in: layout)
            + HealthCheck.programs(asking: layout.environment.awaited, of: instance, in: layout)
            + (strategy == .blueGreen ? front(of: instance, in: layout) : [])
    }

    /// What `startHold` starts.
    static func programs(forHold hold: String, in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .sweep(instance: hold), in: layout)
            + front(of: hold, in: layout)
    }

    private static func front(of instance: String, in layout: Layout) -> [ProgramCall] {
        [NginxCommands.start(Nginx.file(in: layout.instance(instance)))].calls
    }

    /// Starts everything but the services `leaving` anew: what an interrupted try left under this id is stopped first.
    func start(_ id: String, release: Timestamp, database: DatabaseLocation?, leaving: [String] = [])
        throws(DeployError) -> Instance
    {
        try context.site.undisturbed { () throws(DeployError) in
            try startUndisturbed(id, release: release, database: database, leaving: leaving)
        }
    }

    private func startUndisturbed(
        _ id: String, release: Timestamp, database: DatabaseLocation?, leaving: [String]
    ) throws(DeployError) -> Instance {
        // What takes the place of what serves is not taken back only to be brought again.
        if context.environment.runtime.strategy != .ownTool {
            // A folder is made before anything is started in it.
            let isNew = !context.isResumed && ports.files.kind(of: layout.instance(id)) == nil
            try InstanceStopper(context: context).discardUndisturbed(id, isEmpty: isNew)
        }
        try ports.files.makeFolder(layout.instance(id))
        try linkSharedFolders(into: release)
        try LinkedFiles(site: context.site).link(into: release, context.secrets)
        let folders = AccountFolders(site: context.site)
        if context.plan.kind != .rehearsal { try FeaturePlace(site: context.site).publish() }
        try folders.open(release)
        try folders.open(instance: id)

        var instance = Instance(id: id, release: release, database: database)
        try records.write(instance)
        let environment = context.environment
        let services = environment.appServices.filter { !leaving.contains($0.name) }
        try environment.serviceRuntime.start(services, of: instance, in: context) {
            service throws(DeployError) in
            // One that was started before may have been started again since.
            instance.services = records.read(id)?.services ?? instance.services
            instance.services.append(service)
            try records.write(instance)
        }
        if context.environment.runtime.strategy == .blueGreen {
            instance.front = try startFront(of: instance)
            try records.write(instance)
        }
        return instance
    }

    /// Starts a front that lets reads through to `other` and refuses writes.
    func startHold(_ id: String, over other: Instance) throws(DeployError) {
        try InstanceStopper(context: context).discard(id)
        try ports.files.makeFolder(layout.instance(id))
        var instance = Instance(id: id, release: other.release, database: other.database, holds: other.id)
        try records.write(instance)
        let folders = AccountFolders(site: context.site)
        try folders.open(instance: id)
        try folders.open(instance: other.id)
        let text = NginxConfiguration(layout: layout, account: try context.site.worker())
            .holding(id, instance: other.id, runningAsRoot: ports.processes.runsAsRoot)
        instance.front = try Nginx(context: context).start(text, in: layout.instance(id))
        try records.write(instance)
    }

    private func startFront(of instance: Instance) throws(DeployError) -> ProcessIdentity {
        var addresses: [String: String] = [:]
        for service in instance.services { addresses[service.name] = service.address?.nginx }
        let statics = try statics(of: instance.release)
        try AccountFolders(site: context.site).open(
            served: statics.places(for: context.environment).map(\.path)
                + context.environment.appServices.compactMap { service in
                    service.fastCGI.flatMap { statics.content(of: $0.root)?.path }
                })
        try refuseMissingRoot(statics)
        if let served = context.site.filesServedByRoot {
            context.note("static files are read as root: \(served.why); \(served.next)")
        }
        try showErrors(of: instance, statics.sealed)
        try refuseMissingFallback(statics)
        let text = NginxConfiguration(layout: layout, account: try context.site.worker()).front(
            instance.id, of: instance.release, serving: statics,
            kept: try LatelyServed(site: context.site).assets(beside: instance.release, in: layout),
            addresses: addresses,
            runningAsRoot: ports.processes.runsAsRoot)
        return try Nginx(context: context).start(text, in: layout.instance(instance.id))
    }

    private func showErrors(of instance: Instance, _ sealed: Manifest) throws(DeployError) {
        let folder = layout.instance(instance.id)
        try ErrorPages(context.environment).copy(
            of: layout.release(instance.release), sealed: sealed, to: folder, ports.files,
            environment: context.environment.name)
        try AccountFolders(site: context.site).open(pages: ErrorPages.folder(in: folder))
    }

    /// A root without a script would answer nothing but 404.
    private func refuseMissingRoot(_ statics: StaticPlaces) throws(DeployError) {
        for service in context.environment.appServices {
            guard let scripts = service.fastCGI else { continue }
            let files = statics.content(of: scripts.root)?.files ?? []
            guard !files.contains(where: { $0.ends(with: ".php") }) else { continue }
            throw DeployError(
                .stepFailed, what: "Service \(service.name) has nothing to run",
                why: "the release has no .php file in \(scripts.root)",
                next: "correct \"root\" of \(service.name) in environments/\(context.environment.name).json")
        }
    }

    /// A page that no static route has would never be shown.
    private func refuseMissingFallback(_ statics: StaticPlaces) throws(DeployError) {
        guard let page = context.environment.front.fallback else { return }
        let folders = context.environment.staticFolders
        guard !folders.contains(where: { statics.page(page, in: $0) != nil }) else { return }
        throw DeployError(
            .stepFailed, what: "The fallback \(page) cannot be shown",
            why: folders.isEmpty
                ? "no route is a folder"
                : "the release has no such file in \(folders.joined(separator: ", "))",
            next:
                "commit it there, or correct \"front.fallback\" in environments/\(context.environment.name).json"
        )
    }

    private func statics(of release: Timestamp) throws(DeployError) -> StaticPlaces {
        var shared: [String: String] = [:]
        for folder in context.environment.sharedFolders {
            shared[folder] = SharedFolder.place(of: folder, in: layout, ports.files)
        }
        return StaticPlaces(
            release: layout.release(release), sealed: try ReleaseSeal(context.site).sealed(release),
            shared: shared, database: context.environment.database?.file)
    }

    private func linkSharedFolders(into release: Timestamp) throws(DeployError) {
        for folder in context.environment.sharedFolders {
            try ports.files.makeFolder("\(layout.shared)/\(folder)")
            try ports.files.pointLink(
                folder, to: "\(layout.shared)/\(folder)", beneath: layout.release(release))
        }
    }
}
