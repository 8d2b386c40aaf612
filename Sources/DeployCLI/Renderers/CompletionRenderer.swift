/// The shells that completions exist for.
public enum CompletionShell: String, CaseIterable, Sendable {
    case bash, zsh, fish

    static let names = allCases.map(\.rawValue)
}

/// The shell view of the command table.
///
/// Environments and branches are read by the shell itself; services, gates, items, secrets, features, releases and backups are
/// what `deployctl candidates` prints, which reads definitions and state and changes nothing.
public struct CompletionRenderer: Sendable {
    let table: CommandTable

    public init(table: CommandTable = .deployctl) { self.table = table }

    public func script(_ shell: CompletionShell) -> String {
        switch shell {
        case .bash: BashCompletion(facts: CompletionFacts(table: table)).script()
        case .zsh: ZshCompletion(facts: CompletionFacts(table: table)).script()
        case .fish: FishCompletion(facts: CompletionFacts(table: table)).script()
        }
    }
}

/// What every completion script has to know.
struct CompletionFacts {
    let table: CommandTable

    /// Paths that more words must follow, the empty one first.
    var prefixes: [[String]] {
        var found: [[String]] = [[]]
        for verb in table.verbs where verb.path.count > 1 {
            let prefix = Array(verb.path.dropLast())
            if !found.contains(prefix) { found.append(prefix) }
        }
        return found
    }

    func children(of path: [String]) -> [String] {
        table.children(of: path) + (path.isEmpty ? table.verbs.flatMap(\.aliases).compactMap(\.first) : [])
    }

    /// Every word or words that are a command or lead to one.
    var known: [String] {
        prefixes.dropFirst().filter { table.verb($0) == nil }.map { $0.joined(separator: " ") }
            + table.verbs.flatMap(names)
    }

    /// Every name of the verb, aliases too.
    func names(of verb: Verb) -> [String] { ([verb.path] + verb.aliases).map { $0.joined(separator: " ") } }

    func flags(of verb: Verb) -> [String] { table.flags(of: verb).flatMap(\.spellings) }

    var globalFlags: [String] { table.globalFlags.flatMap(\.spellings) }

    /// A short form can take a value in one verb only (`-n`), so each verb lists its own.
    func valueFlags(of flags: [Flag]) -> [String] { flags.filter(\.takesValue).flatMap(\.spellings) }

    /// Short forms that take no value after some verbs.
    var plainShorts: [String] {
        (table.globalFlags + table.verbs.flatMap(\.flags)).filter { !$0.takesValue }
            .flatMap { $0.shorts.map(String.init) }
    }

    /// Candidates of a flag's value: `@environment`, `@timestamp`, `@gate`, `@reference`, `@folder`, words, or nothing.
    func candidates(for flag: Flag) -> String {
        switch flag.value {
        case .environment: "@environment"
        case .timestamp: "@timestamp"
        case .folder: "@folder"
        case .choice(let words): words.joined(separator: " ")
        case .text("GATE"): "@gate"
        case .text("REF"), .text("BRANCH"): "@reference"
        default: ""
        }
    }

    func candidates(for operand: Operand) -> String {
        switch operand.kind {
        case .environment: "@environment"
        case .timestamp: "@timestamp"
        case .shell: CompletionShell.names.joined(separator: " ")
        case .command: children(of: []).joined(separator: " ")
        case .share: "on off"
        case .service: "@service"
        case .item: "@item"
        case .secret: "@secret"
        case .feature: "@feature"
        case .event, .host, .file, .program: ""
        }
    }

    /// Flags with candidates, each long name once.
    var flagsWithCandidates: [Flag] {
        var seen: Set<String> = []
        return (table.globalFlags + table.verbs.flatMap(\.flags)).filter {
            !candidates(for: $0).isEmpty && seen.insert($0.key).inserted
        }
    }
}
