import DeployCore

/// Every command, declared once.
///
/// The parser, help, completions and the man page are projections of this table, so they cannot
/// disagree with one another.
public struct CommandTable: Sendable {
    public enum Group: String, CaseIterable, Sendable {
        case deploy = "Deploy"
        case look = "Look"
        case operate = "Operate"
        case setUp = "Set up"
    }

    public let tool = "deployctl"
    public let summary = "deploy releases to staging and production, and take them back"
    public let verbs: [Verb]
    public let globalFlags: [Flag]

    public init(verbs: [Verb], globalFlags: [Flag]) {
        self.verbs = verbs
        self.globalFlags = globalFlags
    }

    public static let deployctl = CommandTable(
        verbs: Verb.deploying + Verb.looking + Verb.operating + Verb.approving + Verb.backups
            + Verb.settingUp,
        globalFlags: Flag.everywhere)

    /// The verb with exactly this path or alias.
    public func verb(_ path: [String]) -> Verb? {
        verbs.first { $0.path == path || $0.aliases.contains(path) }
    }

    /// Verbs whose path begins with these words, as `backup list` does with `backup`.
    public func verbs(below path: [String]) -> [Verb] {
        verbs.filter { $0.path.starts(with: path) }
    }

    /// The words that may follow `path`, in the order of the table.
    func children(of path: [String]) -> [String] {
        var found: [String] = []
        for verb in verbs(below: path) where verb.path.count > path.count {
            let word = verb.path[path.count]
            if !found.contains(word) { found.append(word) }
        }
        return found
    }

    /// The verb's own flags, then the global ones, whose short form a verb's own may take over.
    func flags(of verb: Verb) -> [Flag] {
        let taken = Set(verb.flags.flatMap(\.shorts))
        return verb.flags + globalFlags.map { $0.withoutShorts(taken) }
    }
}

/// One command.
public struct Verb: Sendable {
    public let path: [String]
    public let group: CommandTable.Group
    public let operands: [Operand]
    /// Fits on one line of the overview; begins with an imperative and has no full stop.
    public let summary: String
    public let paragraph: String
    /// Complete command lines; each parses.
    public let examples: [String]
    public let flags: [Flag]
    public let exits: [ExitCode]
    public let aliases: [[String]]

    public init(
        _ path: String, _ group: CommandTable.Group, operands: [Operand] = [], summary: String,
        paragraph: String,
        examples: [String], flags: [Flag] = [], exits: [ExitCode] = [], aliases: [[String]] = []
    ) {
        self.path = path.split(separator: " ").map(String.init)
        self.group = group
        self.operands = operands
        self.summary = summary
        self.paragraph = paragraph
        self.examples = examples
        self.flags = flags
        self.exits = ([.done, .unexpected, .usage] + exits).sorted { $0.rawValue < $1.rawValue }
        self.aliases = aliases
    }

    public var name: String { path.joined(separator: " ") }
}

/// A word after the verb.
public struct Operand: Sendable {
    public enum Arity: Sendable { case required, optional, repeating }
    /// What the word is, for completion and for typed access.
    public enum Kind: String, CaseIterable, Sendable {
        case environment, timestamp, service, shell, command, item, program
    }

    public let kind: Kind
    public let arity: Arity

    public init(_ kind: Kind, _ arity: Arity) {
        self.kind = kind
        self.arity = arity
    }

    public var name: String {
        switch kind {
        case .environment: "ENV"
        case .timestamp: "TS"
        case .service: "SERVICE"
        case .shell: "SHELL"
        case .command: "COMMAND"
        case .item: "ITEM"
        case .program: "PROGRAM"
        }
    }

    /// As usage lines show it: `ENV`, `[TS]`, `[COMMAND…]`.
    public var usage: String {
        switch arity {
        case .required: name
        case .optional: "[\(name)]"
        case .repeating: kind == .program ? "-- \(name)..." : "[\(name)...]"
        }
    }
}
