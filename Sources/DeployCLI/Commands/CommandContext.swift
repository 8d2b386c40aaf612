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
    /// Builds the live ports for another project's folder.
    let makePorts: @Sendable (String) -> Ports
    /// Where the command line was typed, when that is another machine.
    let near: NearSide?
    let build: Build
    /// Where the command line was typed, absolute.
    let workingFolder: String
    private let lazyOrigin: LazyOrigin

    init(cli: CLI, invocation: Invocation) {
        self.invocation = invocation
        streams = cli.streams
        variables = cli.variables
        near = cli.near
        (build, workingFolder) = (cli.build, cli.workingFolder)
        project =
            invocation.verb.startsProject
            ? ProjectFolder.named(invocation.globals, from: cli.workingFolder)
                ?? ProjectFolder.normal(cli.workingFolder)
            : ProjectFolder.find(invocation.globals, from: cli.workingFolder)
        makePorts = cli.makePorts
        ports = makePorts(project)
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
        let machine = near?.machine ?? FarMark(files: ports.files, project: project).name
        return DefinitionLoader(files: ports.files, folder: definitionsFolder, machine: machine)
    }

    /// - Throws: `.invalidDefinition` when somebody else may change the project's folder, its definitions or its state.
    func refuseStrangers() throws(DeployError) {
        for path in [project, definitionsFolder, Layout.state(project)] {
            try ports.files.refuseStranger(on: path)
        }
    }

    /// Why what was answered comes from the state's safe copy; nil where it does not.
    var answeredFromCopy: DeployError? {
        guard let loss = ports.state.knownLoss else { return nil }
        return DeployError(
            loss.code, what: loss.what, why: "\(loss.why)\nwhat is shown is its safe copy, of the last run",
            next: loss.next)
    }

    /// A copy that cannot be made now is made by the next command that writes.
    func keepStateCopy() {
        do throws(DeployError) { try ports.state.keepCopy() } catch {
            let text = InertText.line(
                "warning: the state has no new safe copy: \(error.what): \(error.why); the next command that writes tries again"
            )
            say(Wrap.hanging(text, after: "", width: errorStyle.width) + "\n")
        }
    }

    /// Absolute.
    var definitionsFolder: String {
        let folder = invocation.globals.environments
        return ProjectFolder.normal(folder.begins(with: "/") ? folder : "\(project)/\(folder)")
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
            overriding: !invocation.texts("override").isEmpty, lockWait: wait, releaseName: near?.release
        ) { progress.consume($0) }
    }

    var origin: Origin { lazyOrigin.value }

    private static func origin(
        _ invocation: Invocation, _ variables: [String: String], _ workspace: Workspace
    ) -> Origin {
        let lineage = workspace.ports.processes.lineage
        let who = WhoFinder(witness: workspace.ports.witness, lineage: lineage, variables: variables).who
        let performer = Performer(
            variables: variables, commands: workspace.ports.commands, project: workspace.project,
            account: who.person.name
        ).name
        var origin = Origin(
            performer: performer, who: who,
            trigger: TriggerFinder(workspace, lineage: lineage, variables: variables).trigger,
            reason: invocation.globals.reason,
            idempotencyKey: invocation.globals.idempotencyKey)
        origin.command = invocation.recorded
        origin.overrides = invocation.texts("override").map {
            GateOverride(gate: $0, performer: performer, reason: invocation.globals.reason ?? "")
        }
        return origin
    }

    /// A sentence whose commands can be typed where this one was.
    func typed(_ text: String) -> String { near?.typed(text) ?? text }

    var wantsJSON: Bool { invocation.globals.json }

    /// What serves goes by these, whatever is written meanwhile.
    var deployedDefinitions: DeployedDefinitions { DeployedDefinitions(ports, written: definitions) }

    /// The environment named on the command line, as it was deployed.
    func environment() throws(DeployError) -> Environment {
        try deployedDefinitions.load(invocation.environment ?? "")
    }

    /// The named environment alone, or all of them, those that are promoted from first; as they were deployed.
    func environments() throws(DeployError) -> [Environment] {
        if let name = invocation.environment { return [try deployedDefinitions.load(name)] }
        let all = try refuseNone(try deployedDefinitions.loadAll())
        return all.filter { $0.promotion == nil } + all.filter { $0.promotion != nil }
    }

    /// All environments as they are written.
    ///
    /// - Throws: `.invalidDefinition` when nothing is defined here, as in a wrong folder.
    func allEnvironments() throws(DeployError) -> [Environment] {
        try refuseNone(try definitions.loadAll())
    }

    private func refuseNone(_ all: [Environment]) throws(DeployError) -> [Environment] {
        guard all.isEmpty else { return all }
        throw DeployError(
            .invalidDefinition, what: "There are no definitions in \(definitionsFolder)",
            why: "no .json file there defines an environment",
            next: "go to the project's folder or name it with -C; for a new one: deployctl init")
    }

    /// Data for programs with `--json`, for people without.
    func answer(_ value: some Encodable & Sendable, text: () -> String) throws(DeployError) {
        streams.output.write(
            wantsJSON ? try JSONLine.text(value) : Wrap.block(text(), width: styleNow.width))
    }

    /// As wide as the terminal is now, which may have been resized since the command began.
    var styleNow: Style { style.fitted(to: streams.output) }

    func say(_ text: String) {
        guard invocation.globals.verbosity != .quiet, !wantsJSON else { return }
        progress.pause()
        streams.errors.write(text)
    }
}
