import DeployCore
import FoundationEssentials

/// One run of the program: words in, words and an exit code out.
public struct CLI: Sendable {
    public static let version = "0.1.0"

    let table: CommandTable
    let streams: OutputStreams
    let variables: [String: String]
    let workingFolder: String
    /// Of the state's library, so that a report names it.
    let sqliteVersion: String
    /// Builds the live ports for a project's folder; called only by verbs that need one.
    let makePorts: @Sendable (String) -> Ports

    public init(
        table: CommandTable = .deployctl, streams: OutputStreams, variables: [String: String],
        workingFolder: String, sqliteVersion: String,
        makePorts: @escaping @Sendable (String) -> Ports
    ) {
        self.table = table
        self.streams = streams
        self.variables = variables
        self.workingFolder = workingFolder
        self.sqliteVersion = sqliteVersion
        self.makePorts = makePorts
    }

    /// Runs one command line, given without the program's own name.
    public func run(_ arguments: [String]) -> ExitCode {
        let wantsJSON = arguments.prefix { $0 != "--" }.contains(where: { $0 == "--json" })
        do throws(DeployError) {
            let invocation = try ArgumentParser(table: table).parse(arguments)
            switch invocation.verb.body {
            case .printing(let text):
                streams.output.write(try text(self, invocation))
                return .done
            case .working(let work):
                let context = CommandContext(cli: self, invocation: invocation)
                try context.refuseStrangers()
                defer { context.keepStateCopy() }
                let code = try work(context)
                if let loss = context.answeredFromCopy { throw loss }
                return code
            }
        } catch {
            let style = Style(
                for: streams.errors, noColor: arguments.contains(where: { $0 == "--no-color" }),
                variables: variables)
            let view = ErrorView(style: style)
            streams.errors.write(wantsJSON ? view.json(error) : view.text(error))
            return error.code
        }
    }
}
