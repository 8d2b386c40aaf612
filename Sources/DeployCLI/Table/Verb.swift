import DeployCore

/// One command: what help says of it, what may follow it, and what it does.
public struct Verb: Sendable {
    /// What a command does.
    enum Body: Sendable {
        /// Text of the program itself for standard output; no project is looked for.
        case printing(@Sendable (CLI, Invocation) throws(DeployError) -> String)
        /// Reads what another machine sent; whose project it is stands in there.
        case relaying(@Sendable (CLI, Invocation) throws(DeployError) -> Int32)
        case working(@Sendable (CommandContext) throws(DeployError) -> ExitCode)

        static func inProject<Command: ProjectCommand>(
            _ method: @escaping @Sendable (Command) -> () throws(DeployError) -> ExitCode
        ) -> Body {
            .working { context throws(DeployError) in try method(Command(context: context))() }
        }
    }

    public let path: [String]
    public let group: CommandTable.Group
    public let operands: [Operand]
    /// Fits on one line of the overview; begins with an imperative and has no full stop.
    public let summary: String
    public let paragraph: String
    /// Complete command lines; each parses.
    public let examples: [String]
    /// Its own; each carries the rules about what else the line has to say.
    public let flags: [Flag]
    /// Those that every command has are added.
    public let exits: [ExitCode]
    public let aliases: [[String]]
    /// Whether the project is this folder itself, and not one above it that has definitions.
    let startsProject: Bool
    let body: Body

    /// `dryRun`: with `--dry-run` the body shows what it would do; without, the flag is refused.
    init(
        _ path: String, _ group: CommandTable.Group, operands: [Operand] = [], summary: String,
        paragraph: String, examples: [String], flags: [Flag] = [], dryRun: Bool = false,
        exits: [ExitCode] = [],
        aliases: [[String]] = [], startsProject: Bool = false, body: Body
    ) {
        self.path = path.split(at: " ").map(String.init)
        self.group = group
        self.operands = operands
        self.summary = summary
        self.paragraph = paragraph
        self.examples = examples
        self.flags = flags + (dryRun ? [.dryRun] : [])
        self.exits = ([.done, .unexpected, .usage] + exits).sorted { $0.rawValue < $1.rawValue }
        self.aliases = aliases
        self.startsProject = startsProject
        self.body = body
    }

    public var name: String { path.joined(separator: " ") }

    /// As typed, as in `deployctl logs ENV [SERVICE] [FLAGS]`.
    public var usage: String {
        let last = operands.filter { $0.kind == .program }
        let first = operands.filter { $0.kind != .program }
        return (["deployctl", name] + first.map(\.usage) + ["[FLAGS]"] + last.map(\.usage))
            .joined(separator: " ")
    }
}

extension [ExitCode] {
    /// How a run of steps can end.
    static let changing: [ExitCode] = [
        .invalidDefinition, .locked, .stepFailed, .needsPerson, .notFound, .unfinishedRun, .hungUp,
        .interrupted, .terminated,
    ]
    /// How a run can end that touches no service.
    static let backingUp: [ExitCode] = [
        .invalidDefinition, .locked, .backupFailed, .notFound, .unfinishedRun, .hungUp, .interrupted,
        .terminated,
    ]
}

/// What holds the bodies of commands that work in a project; each is a method.
protocol ProjectCommand: Sendable {
    init(context: CommandContext)
}
