import FoundationEssentials

/// The network, the volumes and the services of an environment that outlive releases.
struct DataServices {
    let context: StepContext

    private var layout: Layout { context.layout }
    private var environment: Environment { context.environment }
    private var files: any FileStore { context.ports.files }
    private var file: String { Self.file(in: layout) }
    private var before: String { "\(layout.data)/before-\(context.plan.timestamp).json" }
    private var secrets: ComposeSecrets { ComposeSecrets(context: context, folder: "\(layout.data)/secrets") }

    private var kept: KeptFiles { KeptFiles(files: files, folder: "\(layout.data)/files") }

    private static func file(in layout: Layout) -> String { "\(layout.data)/compose.json" }

    private static func project(in layout: Layout) -> [String] {
        ComposeCommands.project(layout.environment.composeProject, file: file(in: layout))
    }

    /// Makes what is missing and starts what does not run; touches nothing else.
    ///
    /// `applying`: a release whose file describes the data services differently changes them.
    func start(release: Timestamp, applying: Bool) throws(DeployError) -> String {
        let store = ContainerResources(context: context)
        let network = try store.ensureNetwork()
        let present = try files.read(file)
        guard applying || present == nil else { return try resume() }
        let document = try document(of: release)
        let wanted = try JSON.data(document)
        guard present != wanted else { return try resume() }
        try volumes().make(for: document)
        try ComposeMountCheck(context: context).check(document)
        // Empty means that there was none.
        if files.kind(of: before) == nil { try files.publish(present ?? Data(), to: before) }
        try files.publish(wanted, to: file)
        guard !environment.dataServices.isEmpty else { return network }
        do throws(DeployError) { try up(Self.applying) } catch {
            if present == nil { try? forget() }
            throw error
        }
        try kept.prune(keeping: [present ?? Data(), wanted])
        return present == nil ? "started \(names)" : "changed \(names) as the release describes them"
    }

    /// What never ran is nothing to go back to; volumes stay.
    private func forget() throws(DeployError) {
        try compose(Self.stopping, because: "The data services do not stop")
        try files.remove(file)
    }

    /// Puts back the configuration this deployment replaced.
    ///
    /// What ran for the first time stays: an empty server harms nobody, and only one that runs can say that it is empty.
    func undoStart() throws(DeployError) {
        try emptyRefilled()
        guard let replaced = try files.read(before) else { return }
        if !replaced.isEmpty {
            try files.publish(replaced, to: file)
            try ComposeMountCheck(context: context).check(fileOf: file)
            try up(Self.applying)
        }
        try files.remove(before)
    }

    /// Volumes that were made to be filled are gone again, as before: a server would take its empty one for its data.
    private func emptyRefilled() throws(DeployError) {
        let volumes = try volumes()
        guard volumes.hasRefilled else { return }
        try compose(Self.stopping, because: "The data services do not stop")
        try volumes.removeRefilled()
    }

    /// Ends the services, each with the time it was promised; volumes and network stay.
    func stop() throws(DeployError) -> String {
        guard files.kind(of: file) != nil, !environment.dataServices.isEmpty else { return "there are none" }
        try compose(Self.stopping, because: "The data services do not stop")
        return "stopped \(names)"
    }

    /// Starts them as they were described last.
    func resume() throws(DeployError) -> String {
        try resume(filling: context.plan.restoresDatabase && context.plan.backup == nil)
    }

    /// Those that do not run, or are not well.
    func idle() throws(DeployError) -> [Service] {
        let running = try states().filter { $0.isRunning && $0.health ?? "healthy" == "healthy" }
        return environment.dataServices.filter { service in
            !running.contains { $0.service == service.name }
        }
    }

    /// Brings back what ended meanwhile; an empty volume stands in for one of the database's that is gone.
    func uphold() throws(DeployError) -> Bool {
        guard files.kind(of: file) != nil, try !idle().isEmpty else { return false }
        _ = try ContainerResources(context: context).ensureNetwork()
        context.note(try resume(filling: true))
        return true
    }

    /// `filling`: whether a volume of the database that is gone may be made anew.
    private func resume(filling: Bool) throws(DeployError) -> String {
        guard !environment.dataServices.isEmpty else { return "the network is there" }
        try DataWaking(context: context).wake(try states())
        let idle = try idle()
        guard !idle.isEmpty else {
            ContainerLogs(context.site).catchUp()
            return "\(names) run unchanged"
        }
        try ComposeMountCheck(context: context).check(fileOf: file)
        try volumes().makeUp(for: filling)
        try up(Self.resuming)
        return "started \(idle.map(\.name).joined(separator: ", "))"
    }

    private func volumes() throws(DeployError) -> DataVolumes {
        DataVolumes(context: context, written: try Self.written(in: layout, files))
    }

    private func document(of release: Timestamp) throws(DeployError) -> JSONTree {
        let project = ComposeProject(context: context)
        let unit = try kept.keeping(
            project.read(
                in: layout.release(release), secrets: secrets.folder, release: nil, database: nil))
        try environment.serviceRuntime.checkData(unit, in: context)
        try writeSecrets()
        var client: (source: String, target: String)?
        if let file = context.database.clientFile(context.secrets) {
            client = try secrets.write([file.name: file.text])[file.name].map { ($0, file.path) }
        }
        return try DataDocument(
            unit: unit, releases: layout.releases, secrets: secrets.folder, clientFile: client,
            nameless: volumes().nameless(unit)
        ).document()
    }

    /// The administrator's password is there only where the server that it is for runs here.
    private func writeSecrets() throws(DeployError) {
        guard environment.database?.service == nil else {
            try secrets.write(context.secrets.filter { $0.key != Environment.FrontSecret.password })
            return
        }
        try secrets.write(context.applicationSecrets)
        try files.remove("\(secrets.folder)/\(Environment.DatabaseSecret.admin)")
    }

    /// The services as they were described last; nil when they never were.
    static func written(in layout: Layout, _ files: any FileStore) throws(DeployError) -> JSONTree? {
        let file = file(in: layout)
        guard let data = try files.read(file) else { return nil }
        return try JSON.value(JSONTree.self, from: data, named: file)
    }

    private func up(_ arguments: [String]) throws(DeployError) {
        do throws(DeployError) {
            try compose(arguments, because: "The data services do not start")
        } catch {
            guard try !isOnlySlow(error) else { return try awaitDatabase() }
            let said = try? ComposeTool(commands: context.ports.commands).run(
                project + Self.explaining)
            throw DeployError(
                error.code, what: error.what, why: "\(error.why)\n\(said?.output ?? "")", next: error.next)
        }
        try awaitDatabase()
    }

    /// A server that sets itself up may take longer than its own health check gives it, and is well then.
    private func isOnlySlow(_ error: DeployError) throws(DeployError) -> Bool {
        guard error.why.holds("is unhealthy") else { return false }
        context.note("not healthy yet; waiting up to 60 s more")
        return try context.wait(upTo: .seconds(60), every: .milliseconds(500)) { () throws(DeployError) in
            try idle().isEmpty
        }
    }

    /// Not every image says when its server is ready, so the server is asked itself.
    private func awaitDatabase() throws(DeployError) {
        defer { ContainerLogs(context.site).catchUp() }
        guard let service = environment.database?.service, let location = layout.database(.live),
            environment.dataServices.contains(where: { $0.name == service })
        else { return }
        var last: DeployError?
        let answers = try context.wait(upTo: .seconds(300), every: .milliseconds(500)) {
            () throws(DeployError) in
            do throws(DeployError) {
                _ = try context.database.reach(location)
                return true
            } catch {
                last = error
                return false
            }
        }
        guard !answers, let last else { return }
        throw DeployError(
            .stepFailed, what: "The database of service \(service) does not answer", why: last.why,
            next: "deployctl logs \(environment.name) \(service)")
    }

    private func compose(_ arguments: [String], because what: String) throws(DeployError) {
        let result = try ComposeTool(commands: context.ports.commands).run(
            project + arguments, deadline: .seconds(900), diesWithParent: true)
        guard !result.succeeded else { return }
        try context.checkInterruption()
        throw DeployError(
            .stepFailed, what: what, why: result.explanation,
            next: result.engineRemedy)
    }

    private func states() throws(DeployError) -> [ContainerState] {
        try context.ports.engine.containers(Self.labels(in: environment))
    }

    private var project: [String] { Self.project(in: layout) }
    private var names: String { environment.dataServices.map(\.name).joined(separator: ", ") }
}

extension DataServices {
    /// What `start` starts.
    static func programs(starting release: Timestamp, applying: Bool, in layout: Layout) -> [ProgramCall] {
        let listing = ContainerEngine.programs(
            listing: labels(in: layout.environment), format: ContainerMounts.format
        ).when("a volume has no name")
        let describing =
            ComposeProject.programs(layout.release(release), in: layout) + ComposeSecrets.programs
            + (layout.environment.dataServices.isEmpty
                ? [] : ImageStore.programsFetching + ImageStore.programsConfiguring + listing)
            + ContainerResources.programsForVolumes(in: layout).when("the release describes volumes")
        let network = ContainerResources.programsForNetwork(in: layout)
        return network + (applying ? describing : describing.when("they were never described"))
            + (layout.environment.dataServices.isEmpty ? [] : programsStarting(in: layout))
    }

    private static func programsStarting(in layout: Layout) -> [ProgramCall] {
        let judging = ComposeMountCheck.programs(in: layout)
        let (changed, unchanged) = ("their description is new", "their description is as before")
        let stopped = "\(unchanged), and one of them does not run"
        let network = layout.environment.networkName
        return judging.when(changed) + compose(applying, in: layout).when(changed)
            + ContainerEngine.programs(listing: labels(in: layout.environment)).when(unchanged)
            + [ContainerCommands.unpause(["{containers…}"])].calls.when("one of them was paused")
            + [ContainerCommands.connect("{container}", to: network, as: "{service}")].calls.when(
                "one of them was taken off the network")
            + judging.when(stopped) + ContainerResources.programsMissing(in: layout).when(stopped)
            + ContainerResources.programsRefilling(in: layout).when(
                "a backup is restored and the volume for it is gone")
            + compose(resuming, in: layout).when(stopped)
            + compose(explaining, in: layout).when("they do not start")
            + compose(stopping, in: layout).when("they do not start, and never did")
            + (layout.environment.database?.service == nil
                ? [] : DatabasePrograms(layout: layout).calls(.asking).when("they were started"))
            + ContainerLogs.programsCatchingUp(in: layout)
    }

    /// What `stop` starts.
    static func programsStopping(in layout: Layout) -> [ProgramCall] { compose(stopping, in: layout) }

    private static let up = ["up", "--detach", "--wait", "--wait-timeout", "300", "--quiet-pull"]
    private static let applying = up + ["--remove-orphans"]
    private static let resuming = up + ["--no-recreate"]
    private static let stopping = ["rm", "--stop", "--force"]
    private static let explaining = ["logs", "--no-color", "--tail", "10"]

    private static func compose(_ arguments: [String], in layout: Layout) -> [ProgramCall] {
        ComposeTool.programs(project(in: layout) + arguments)
    }

    static func labels(in environment: Environment) -> [String: String] {
        ContainerLabels.of(environment).merging([ContainerLabels.role: Service.Role.data.rawValue]) { $1 }
    }
}
