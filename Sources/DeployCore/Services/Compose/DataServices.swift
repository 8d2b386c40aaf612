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
        try ComposeMountCheck(context: context).check(document)
        // Empty means that there was none.
        if files.kind(of: before) == nil { try files.publish(present ?? Data(), to: before) }
        try files.publish(wanted, to: file)
        guard !environment.dataServices.isEmpty else { return network }
        try up(Self.applying)
        return present == nil ? "started \(names)" : "changed \(names) as the release describes them"
    }

    /// Puts back the configuration this deployment replaced.
    ///
    /// What ran for the first time stays: an empty server harms nobody, and only one that runs can say that it is empty.
    func undoStart() throws(DeployError) {
        guard let replaced = try files.read(before) else { return }
        if !replaced.isEmpty {
            try files.publish(replaced, to: file)
            try ComposeMountCheck(context: context).check(fileOf: file)
            try up(Self.applying)
        }
        try files.remove(before)
    }

    /// Ends the services, each with the time it was promised; volumes and network stay.
    func stop() throws(DeployError) -> String {
        guard files.kind(of: file) != nil, !environment.dataServices.isEmpty else { return "there are none" }
        try compose(Self.stopping, because: "The data services do not stop")
        return "stopped \(names)"
    }

    /// Starts them as they were described last.
    func resume() throws(DeployError) -> String {
        guard !environment.dataServices.isEmpty else { return "the network is there" }
        let running = try states().filter { $0.isRunning && $0.health ?? "healthy" == "healthy" }
        let missing = environment.dataServices.filter { service in
            !running.contains { $0.service == service.name }
        }
        guard !missing.isEmpty else {
            ContainerLogs(context.site).catchUp()
            return "\(names) run unchanged"
        }
        try ComposeMountCheck(context: context).check(fileOf: file)
        try ContainerResources(context: context).ensureVolumes(of: try writtenVolumes())
        try up(Self.resuming)
        return "started \(missing.map(\.name).joined(separator: ", "))"
    }

    private func document(of release: Timestamp) throws(DeployError) -> JSONTree {
        let project = ComposeProject(context: context)
        let unit = try project.read(
            in: layout.release(release), secrets: secrets.folder, release: nil, database: nil)
        try secrets.write(context.secrets)
        var client: (source: String, target: String)?
        if let file = context.database.clientFile(context.secrets) {
            client = try secrets.write([file.name: file.text])[file.name].map { ($0, file.path) }
        }
        let document = try DataDocument(unit: unit, releases: layout.releases, clientFile: client).document()
        var volumes = document["volumes"]?.members.values.compactMap { $0["name"]?.text } ?? []
        for (name, _) in unit.file.tree["volumes"]?.members ?? [:] {
            volumes.append(try unit.volumeName(name))
        }
        try ContainerResources(context: context).ensureVolumes(of: volumes)
        return document
    }

    private func writtenVolumes() throws(DeployError) -> [String] {
        guard let data = try files.read(file) else { return [] }
        let tree = try JSON.value(JSONTree.self, from: data, named: file)
        return tree["volumes"]?.members.values.compactMap { $0["name"]?.text } ?? []
    }

    private func up(_ arguments: [String]) throws(DeployError) {
        do throws(DeployError) {
            try compose(arguments, because: "The data services do not start")
        } catch {
            let said = try? ComposeTool(commands: context.ports.commands).run(
                project + Self.explaining)
            throw DeployError(
                error.code, what: error.what, why: "\(error.why)\n\(said?.output ?? "")", next: error.next)
        }
        ContainerLogs(context.site).catchUp()
    }

    private func compose(_ arguments: [String], because what: String) throws(DeployError) {
        let result = try ComposeTool(commands: context.ports.commands).run(
            project + arguments, deadline: .seconds(900), diesWithParent: true)
        guard !result.succeeded else { return }
        try context.checkInterruption()
        throw DeployError(
            .stepFailed, what: what, why: result.explanation,
            next: "fix the cause, then run the same command again")
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
        let describing =
            ComposeProject.programs(layout.release(release), in: layout) + ComposeSecrets.programs
            + ContainerResources.programsForVolumes(in: layout).when("the release describes volumes")
        let network = ContainerResources.programsForNetwork(in: layout)
        return network + (applying ? describing : describing.when("they were never described"))
            + (layout.environment.dataServices.isEmpty ? [] : programsStarting(in: layout))
    }

    private static func programsStarting(in layout: Layout) -> [ProgramCall] {
        let judging = ComposeMountCheck.programs(in: layout)
        let (changed, unchanged) = ("their description is new", "their description is as before")
        let stopped = "\(unchanged), and one of them does not run"
        return judging.when(changed) + compose(applying, in: layout).when(changed)
            + ContainerEngine.programs(listing: labels(in: layout.environment)).when(unchanged)
            + judging.when(stopped) + ContainerResources.programsForVolumes(in: layout).when(stopped)
            + compose(resuming, in: layout).when(stopped)
            + compose(explaining, in: layout).when("they do not start")
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

    private static func labels(in environment: Environment) -> [String: String] {
        ContainerLabels.of(environment).merging([ContainerLabels.role: Service.Role.data.rawValue]) { $1 }
    }
}
