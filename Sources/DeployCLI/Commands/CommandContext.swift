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

    init(cli: CLI, invocation: Invocation) throws(DeployError) {
        self.invocation = invocation
        streams = cli.streams
        variables = cli.variables
        project = try Self.folder(invocation.globals.project, from: cli.workingFolder)
        ports = cli.makePorts(project)
        let noColor = invocation.globals.noColor
        style = Style(for: streams.output, noColor: noColor, variables: variables)
        errorStyle = Style(for: streams.errors, noColor: noColor, variables: variables)
        progress = ProgressView(
            mode: invocation.globals.progress, errors: streams.errors, style: errorStyle, variables: variables)
    }

    var definitions: DefinitionLoader {
        let folder = invocation.globals.environments
        return DefinitionLoader(files: ports.files, folder: folder.hasPrefix("/") ? folder : "\(project)/\(folder)")
    }

    var deployer: Deployer {
        let wait: Duration? =
            switch invocation.globals.lockWait {
            case .none: nil
            case .forever: .seconds(900)
            case .seconds(let seconds): .milliseconds(Int64(seconds * 1000))
            }
        let progress = progress
        return Deployer(
            ports: ports, project: project, definitions: definitions, origin: origin, lockWait: wait
        ) { progress.consume($0) }
    }

    var origin: Origin {
        Origin(
            performer: Performer(variables: variables, commands: ports.commands, project: project).name,
            trigger: Performer.trigger(variables, canAsk: ports.prompter.canAsk), reason: invocation.globals.reason,
            idempotencyKey: invocation.globals.idempotencyKey)
    }

    var wantsJSON: Bool { invocation.globals.json }

    /// The environment named on the command line.
    func environment() throws(DeployError) -> Environment {
        try definitions.load(invocation.environment ?? "")
    }

    /// The named environment alone, or all of them.
    func environments() throws(DeployError) -> [Environment] {
        guard let name = invocation.environment else { return try definitions.loadAll() }
        return [try definitions.load(name)]
    }

    /// Data for programs with `--json`, for people without.
    func answer(_ value: some Encodable & Sendable, text: () -> String) throws(DeployError) {
        streams.output.write(wantsJSON ? try JSONText.object(value) + "\n" : text())
    }

    func say(_ text: String) {
        guard invocation.globals.verbosity != .quiet, !wantsJSON else { return }
        streams.errors.write(text)
    }

    /// The nearest folder, from here upwards, that holds definitions; given explicitly, exactly that one.
    private static func folder(_ given: String?, from working: String) throws(DeployError) -> String {
        let path = given.map { $0.hasPrefix("/") ? $0 : "\(working)/\($0)" } ?? working
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
