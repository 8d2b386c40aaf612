import DeployCore
import FoundationEssentials

/// What a command body works with.
struct CommandContext: Sendable {
    let invocation: Invocation
    let streams: OutputStreams
    let variables: [String: String]
    let project: String
    let ports: Ports
    let style: Style
    let errorStyle: Style
    let progress: ProgressView
    private let lazyOrigin: LazyOrigin

    init(cli: CLI, invocation: Invocation) throws(DeployError) {
        self.invocation = invocation
        streams = cli.streams
        variables = cli.variables
        project = Self.folder(invocation.globals, from: cli.workingFolder)
        ports = cli.makePorts(project)
        let noColor = invocation.globals.noColor
        style = Style(for: streams.output, noColor: noColor, variables: variables)
        errorStyle = Style(for: streams.errors, noColor: noColor, variables: variables)
        progress = ProgressView(
            mode: invocation.globals.progress, errors: streams.errors, style: errorStyle, variables: variables
        )
        lazyOrigin = LazyOrigin { [invocation, variables, project, ports] in
            Self.origin(invocation, variables, Workspace(ports: ports, project: project))
        }
    }

    var workspace: Workspace { Workspace(ports: ports, project: project) }

    var definitions: DefinitionLoader {
        let folder = invocation.globals.environments
        return DefinitionLoader(
            files: ports.files, folder: folder.hasPrefix("/") ? folder : "\(project)/\(folder)")
    }

    var deployer: Deployer {
        let wait: Duration? =
            switch invocation.globals.lockWait {
            case .none: nil
            case .seconds(let seconds): .milliseconds(Int64(seconds * 1000))
            }
        let (progress, lazyOrigin) = (progress, lazyOrigin)
        return Deployer(
            workspace, definitions: definitions, origin: lazyOrigin.value,
            overriding: !invocation.texts("override").isEmpty, lockWait: wait
        ) { progress.consume($0) }
    }

    var origin: Origin { lazyOrigin.value }

    private static func origin(
        _ invocation: Invocation, _ variables: [String: String], _ workspace: Workspace
    ) -> Origin {
        let performer = Performer(
            variables: variables, commands: workspace.ports.commands, project: workspace.project
        ).name
        var origin = Origin(
            performer: performer, trigger: TriggerFinder(workspace, variables: variables).trigger,
            reason: invocation.globals.reason,
            idempotencyKey: invocation.globals.idempotencyKey)
        origin.overrides = invocation.texts("override").map {
            GateOverride(gate: $0, performer: performer, reason: invocation.globals.reason ?? "")
        }
        return origin
    }

    var wantsJSON: Bool { invocation.globals.json }

    /// The environment named on the command line.
    func environment() throws(DeployError) -> Environment {
        try definitions.load(invocation.environment ?? "")
    }

    /// The named environment alone, or all of them, those that are promoted from first.
    func environments() throws(DeployError) -> [Environment] {
        if let name = invocation.environment { return [try definitions.load(name)] }
        let all = try allEnvironments()
        return all.filter { $0.promotion == nil } + all.filter { $0.promotion != nil }
    }

    /// - Throws: `.invalidDefinition` when nothing is defined here, as in a wrong folder.
    func allEnvironments() throws(DeployError) -> [Environment] {
        let all = try definitions.loadAll()
        guard all.isEmpty else { return all }
        let folder = invocation.globals.environments
        throw DeployError(
            .invalidDefinition,
            what: "There are no definitions in \(folder.hasPrefix("/") ? folder : "\(project)/\(folder)")",
            why: "no .json file there defines an environment",
            next: "go to the project's folder or name it with -C; for a new one, deployctl schema describes"
                + " environments/staging.json")
    }

    /// Data for programs with `--json`, for people without.
    func answer(_ value: some Encodable & Sendable, text: () -> String) throws(DeployError) {
        streams.output.write(wantsJSON ? try JSONText.object(value) + "\n" : text())
    }

    func say(_ text: String) {
        guard invocation.globals.verbosity != .quiet, !wantsJSON else { return }
        progress.pause()
        streams.errors.write(text)
    }

    /// The folder given, else the nearest one from here upwards that holds definitions.
    private static func folder(_ globals: GlobalOptions, from working: String) -> String {
        if let given = globals.project { return normal(given.hasPrefix("/") ? given : "\(working)/\(given)") }
        var candidate = normal(working)
        while !FileManager.default.fileExists(atPath: "\(candidate)/\(globals.environments)"),
            candidate != "/"
        {
            candidate = normal("\(candidate)/..")
        }
        return candidate == "/" ? normal(working) : candidate
    }

    private static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
