import DeployCore

/// A command line, understood: nothing in it is contradictory, but nothing was looked up either.
public struct Invocation: Sendable {
    /// `help` and `version` also for the flags of that name.
    public let verb: Verb
    /// Operands in the order given, without an environment named by a flag.
    public let operands: [String]
    public let globals: GlobalOptions
    let bound: [Operand.Kind: [String]]
    let flags: [String: String]

    init(
        verb: Verb, operands: [String] = [], bound: [Operand.Kind: [String]] = [:],
        flags: [String: String] = [:]
    ) {
        self.verb = verb
        self.operands = operands
        self.bound = bound
        self.flags = flags
        globals = GlobalOptions(flags)
    }

    public func has(_ flag: String) -> Bool { flags[flag] != nil }
    public func text(_ flag: String) -> String? { flags[flag] }
    public func count(_ flag: String) -> Int? { flags[flag].flatMap { Int($0) } }

    /// The environment, whether named by operand or by flag.
    public var environment: String? { flags["environment"] ?? bound[.environment]?.first }
    /// The same, or the one that the verb means where none is named.
    var environmentMeant: String {
        environment ?? (verb.name == Verb.feature.name ? "staging" : "production")
    }
    public var timestamp: String? { bound[.timestamp]?.first }
    public var service: String? { bound[.service]?.first }
    /// What is to be approved.
    public var item: String? { bound[.item]?.first }
    /// What a secret is set by.
    var secret: String? { bound[.secret]?.first }
    /// The feature that is switched, and the word for how many get it.
    var feature: String? { bound[.feature]?.first }
    var share: String? { bound[.share]?.first }
    /// The machine that is to be prepared, as ssh is told.
    var host: String? { bound[.host]?.first }
    /// The file that is read, as it was typed.
    var file: String? { bound[.file]?.first }
    /// The number of an event; nil where it is none.
    var event: Int64? { bound[.event]?.first.flatMap(Int64.init) }
    /// As it was typed, for the audit log: without answers, reasons and the words of a program.
    var recorded: [String] {
        let words = operands.dropLast(program.count)
        let given = verb.flags.filter { has($0.key) && $0.key != "message" }.map { flag in
            let value =
                flag.key == "confirm" || flag.value == .none
                ? "" : "=\(texts(flag.key).joined(separator: ","))"
            return "--\(flag.key)\(value)"
        }
        return verb.path + words + given
    }
    /// Every value of a flag that may be given more than once.
    public func texts(_ flag: String) -> [String] {
        flags[flag]?.split(at: "\0").map(String.init) ?? []
    }
    /// Whether it is only to be said what would be done.
    var looksOnly: Bool { globals.dryRun || verb.path.prefix(1) == ["plan"] }
    /// Whether it goes by the definitions of a commit that need not be deployed yet.
    var goesByCommit: Bool { verb.path.prefix(1) == ["secret"] }
    /// The words of a program to run.
    public var program: [String] { bound[.program] ?? [] }
    public var shell: String? { bound[.shell]?.first }
    /// The words after `help`.
    public var topic: [String] { bound[.command] ?? [] }
}

/// The flags every verb understands.
public struct GlobalOptions: Sendable, Equatable {
    public enum Verbosity: Sendable { case quiet, normal, verbose }
    public enum LockWait: Sendable, Equatable { case none, seconds(Double) }

    public let project: String?
    public let environments: String
    public let dryRun: Bool
    public let json: Bool
    public let verbosity: Verbosity
    public let noColor: Bool
    public let progress: ProgressMode
    public let lockWait: LockWait
    public let reason: String?
    public let idempotencyKey: String?

    init(_ flags: [String: String]) {
        project = flags["project"]
        environments = flags["environments"] ?? "environments"
        dryRun = flags["dry-run"] != nil
        json = flags["json"] != nil
        verbosity = flags["quiet"] != nil ? .quiet : flags["verbose"] != nil ? .verbose : .normal
        noColor = flags["no-color"] != nil
        progress = flags["progress"].flatMap(ProgressMode.init) ?? (flags["quiet"] != nil ? .quiet : .auto)
        lockWait = flags["lock-wait"].map { text in .seconds(Double(text) ?? 900) } ?? .none
        reason = flags["reason"]
        idempotencyKey = flags["idempotency-key"]
    }
}
