import DeployCore
import FoundationEssentials

/// One run of the program: words in, words and an exit code out.
public struct CLI: Sendable {
    public static let version = "0.1.0"

    let streams: OutputStreams
    let variables: [String: String]
    let workingFolder: String
    /// Of the state's library, so that a report names it.
    let sqliteVersion: String
    /// Builds the live ports for a project's folder; called only by verbs that need one.
    let makePorts: @Sendable (String) -> Ports

    public init(
        streams: OutputStreams, variables: [String: String], workingFolder: String, sqliteVersion: String,
        makePorts: @escaping @Sendable (String) -> Ports
    ) {
        self.streams = streams
        self.variables = variables
        self.workingFolder = workingFolder
        self.sqliteVersion = sqliteVersion
        self.makePorts = makePorts
    }

    /// Runs one command line, given without the program's own name.
    public func run(_ arguments: [String]) -> ExitCode {
        let wantsJSON = arguments.prefix { $0 != "--" }.contains("--json")
        do throws(DeployError) {
            let invocation = try ArgumentParser().parse(arguments)
            if let code = try answerWithoutProject(invocation) { return code }
            return try CommandContext(cli: self, invocation: invocation).run()
        } catch {
            let style = Style(
                for: streams.errors, noColor: arguments.contains("--no-color"), variables: variables)
            let view = ErrorView(style: style)
            streams.errors.write(wantsJSON ? view.json(error) : view.text(error))
            return error.code
        }
    }

    /// Help and what belongs to the program itself: no file is looked at.
    private func answerWithoutProject(_ invocation: Invocation) throws(DeployError) -> ExitCode? {
        switch invocation.verb.first {
        case "help":
            let help = HelpRenderer()
            streams.output.write(
                invocation.topic.isEmpty ? help.overview() : try help.page(for: invocation.topic))
        case "version":
            let answer = VersionAnswer(version: Self.version, sqliteVersion: sqliteVersion)
            streams.output.write(
                try invocation.globals.json ? JSONText.object(answer) + "\n" : "deployctl \(Self.version)\n")
        case "schema": streams.output.write(DefinitionSchema.json)
        case "completion":
            guard let shell = CompletionShell(rawValue: invocation.shell ?? "") else {
                throw DeployError(
                    .usage, what: "there are no completions for '\(invocation.shell ?? "")'",
                    why: "known are \(CompletionShell.allCases.map(\.rawValue).joined(separator: ", "))",
                    next: "deployctl help completion")
            }
            streams.output.write(CompletionRenderer().script(shell))
        case "man": streams.output.write(ManPageRenderer(date: "2026-11-21", version: Self.version).page())
        default: return nil
        }
        return .done
    }
}

struct VersionAnswer: Encodable, Sendable {
    let version: String
    let sqliteVersion: String
}
