import DeployCore
import FoundationEssentials

/// One run of the program: words in, words and an exit code out.
public struct CLI: Sendable {
    public static let version = "0.1.0"

    let table: CommandTable
    let streams: OutputStreams
    let variables: [String: String]
    let workingFolder: String
    let build: Build
    /// Where the command line was typed, when that is another machine: it goes no further; nil for this one.
    let near: NearSide?
    /// Keeps what went wrong for somebody who does not hear it.
    let remember: @Sendable (DeployError) -> Void
    /// Builds the live ports for a project's folder; called only by verbs that need one.
    let makePorts: @Sendable (String) -> Ports

    public init(
        table: CommandTable = .deployctl, streams: OutputStreams, variables: [String: String],
        workingFolder: String, build: Build, makePorts: @escaping @Sendable (String) -> Ports
    ) {
        self.init(
            table: table, streams: streams, variables: variables, workingFolder: workingFolder, build: build,
            near: nil, remember: { _ in }, makePorts: makePorts)
    }

    private init(
        table: CommandTable, streams: OutputStreams, variables: [String: String], workingFolder: String,
        build: Build, near: NearSide?, remember: @escaping @Sendable (DeployError) -> Void,
        makePorts: @escaping @Sendable (String) -> Ports
    ) {
        self.table = table
        self.streams = streams
        self.variables = variables
        self.workingFolder = workingFolder
        self.build = build
        self.near = near
        self.remember = remember
        self.makePorts = makePorts
    }

    /// The same program for somebody at another machine.
    func serving(_ near: NearSide, remember: @escaping @Sendable (DeployError) -> Void) -> CLI {
        CLI(
            table: table, streams: streams, variables: variables, workingFolder: workingFolder, build: build,
            near: near, remember: remember, makePorts: makePorts)
    }

    /// The same program with other variables.
    func with(_ variables: [String: String]) -> CLI {
        CLI(
            table: table, streams: streams, variables: variables, workingFolder: workingFolder, build: build,
            near: near, remember: remember, makePorts: makePorts)
    }

    /// The same program with other variables, and these ports for whatever folder.
    func with(_ variables: [String: String], _ ports: Ports) -> CLI {
        CLI(
            table: table, streams: streams, variables: variables, workingFolder: workingFolder, build: build,
            near: near, remember: remember
        ) { _ in ports }
    }

    /// Runs one command line, given without the program's own name; the raw value of an `ExitCode`, or the exit code of a
    /// program that ran on another machine.
    public func run(_ arguments: [String]) -> Int32 {
        let code = perform(arguments)
        guard code == ExitCode.done.rawValue, let loss = streams.output.loss() else { return code }
        return report(
            DeployError(
                .unexpected, what: "The answer could not be written", why: "standard output: \(loss)",
                next: "make room, or let it go elsewhere; what was done stands: deployctl history"),
            of: arguments)
    }

    private func perform(_ arguments: [String]) -> Int32 {
        do throws(DeployError) {
            let invocation = try ArgumentParser(table: table).parse(arguments)
            switch invocation.verb.body {
            case .printing(let text):
                streams.output.write(try text(self, invocation))
                return ExitCode.done.rawValue
            case .relaying(let relay): return try relay(self, invocation)
            case .working(let work):
                try refuseNowhere(invocation.globals)
                let context = CommandContext(cli: self, invocation: invocation)
                try context.refuseStrangers()
                try AgentRule(context: context).check()
                if near == nil, let fleet = try FarChoice(context: context).fleet() {
                    return try FleetRun(context: context, table: table, fleet: fleet).run()
                }
                if let far = try far(context) { return try far.run() }
                defer { context.keepStateCopy() }
                let code = try NoticeDuty(context: context).around(work)
                if let loss = context.answeredFromCopy { throw loss }
                return code.rawValue
            }
        } catch { return report(error, of: arguments) }
    }

    /// - Throws: `.invalidDefinition` where the working folder is gone and the command line does not name another.
    private func refuseNowhere(_ globals: GlobalOptions) throws(DeployError) {
        guard workingFolder.isEmpty, globals.project?.begins(with: "/") != true else { return }
        throw DeployError(
            .invalidDefinition, what: "The folder that this was started in is gone",
            why: "it was removed or exchanged, or its disk is not mounted any more",
            next: "go to the project's folder once more, or name it with -C")
    }

    /// Says what went wrong with a command line; its exit code.
    public func report(_ error: DeployError, of arguments: [String]) -> Int32 {
        let words = arguments.prefix { $0 != "--" }
        let style = Style(
            for: streams.errors, noColor: words.contains(where: { $0 == "--no-color" }),
            variables: variables)
        let view = ErrorView(style: style)
        let error = near?.told(error) ?? error
        remember(error)
        streams.errors.write(words.contains(where: { $0 == "--json" }) ? view.json(error) : view.text(error))
        return error.code.rawValue
    }

    /// What the machine that serves is to do; nil where this one does it.
    private func far(_ context: CommandContext) throws(DeployError) -> FarRun? {
        guard near == nil, let choice = try FarChoice(context: context).choice() else { return nil }
        return FarRun(context: context, choice: choice, build: build, table: table)
    }
}
