import FoundationEssentials

/// Runs other programs to completion; the only door from the core to programs that end.
public protocol CommandRunner: Sendable {
    /// Runs `request` and returns its status and output.
    ///
    /// A non-zero status, a missing program and a deadline are *results*; the caller decides what
    /// they mean. At the deadline, or when the person interrupts, the whole process group is killed.
    func run(_ request: CommandRequest) -> CommandResult

    /// Runs independent requests at the same time and returns results in the same order.
    func runTogether(_ requests: [CommandRequest]) -> [CommandResult]

    /// Runs independent sequences at the same time; within each, one command after the other.
    func runTogether(_ sequences: inout [any CommandSequence])

    /// The same, while this thread does `work`.
    func runTogether(_ sequences: inout [any CommandSequence], during work: () -> Void)

    /// Runs two requests at once, the output of the first being the input of the second; both results count.
    func runPiped(_ source: CommandRequest, into sink: CommandRequest) -> (CommandResult, CommandResult)

    /// The same, and shows `watch` everything on its way, piece by piece.
    func runPiped(
        _ source: CommandRequest, into sink: CommandRequest,
        watching watch: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) -> (CommandResult, CommandResult)

    /// Whether a program is there to be run.
    func has(_ program: String) -> Bool

    /// Runs it with this process's own terminal and outputs, and waits however long it takes; its result holds no output.
    ///
    /// With a lifeline it has no terminal: the signals this process gets go to its standard input as letters, and its
    /// input ends with this process.
    func lend(_ request: CommandRequest, lifeline: Bool) -> CommandResult

    /// Gives this process, its terminal and its exit code to the program; returns only when it could not.
    func become(_ request: CommandRequest) -> CommandResult
}

/// Commands of which each may depend on what the one before it printed.
public protocol CommandSequence: Sendable {
    /// The command to run next; nil at the end. `result` is nil before the first.
    mutating func next(after result: CommandResult?) -> CommandRequest?
}

extension CommandRunner {
    /// Runs it to its end; a runner that has a process to give does better.
    public func become(_ request: CommandRequest) -> CommandResult { run(request) }

    /// Runs it without a terminal; a runner that has one does better.
    public func lend(_ request: CommandRequest, lifeline: Bool) -> CommandResult { run(request) }

    /// One after the other, through memory; a runner that can do it at once does better.
    public func runPiped(_ source: CommandRequest, into sink: CommandRequest) -> (
        CommandResult, CommandResult
    ) {
        let first = run(source)
        var second = sink
        second.input = Data(first.output.utf8)
        return (first, run(second))
    }

    /// Nothing is shown; a runner through which it passes does better.
    public func runPiped(
        _ source: CommandRequest, into sink: CommandRequest,
        watching watch: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) -> (CommandResult, CommandResult) {
        runPiped(source, into: sink)
    }

    /// Asks the program for its version.
    public func has(_ program: String) -> Bool {
        run(CommandRequest(Command(program, ["-v"]))).succeeded
    }

    /// One after the other; a runner that has threads does better.
    public func runTogether(_ sequences: inout [any CommandSequence], during work: () -> Void) {
        work()
        runTogether(&sequences)
    }

    /// Round by round; a runner that can start each next command at once does better.
    public func runTogether(_ sequences: inout [any CommandSequence]) {
        var waiting = sequences.indices.map { ($0, sequences[$0].next(after: nil)) }
        while true {
            let round = waiting.compactMap { index, request in request.map { (index, $0) } }
            guard !round.isEmpty else { return }
            let results = runTogether(round.map(\.1))
            waiting = zip(round, results).map { ($0.0, sequences[$0.0].next(after: $1)) }
        }
    }
}

/// A program and its arguments, as data.
///
/// A dry run can print it, a test can compare it, the journal can store it. It is never a shell
/// string, so nothing in it needs quoting.
public struct Command: Hashable, Codable, Sendable, CustomStringConvertible {
    public let program: String
    public let arguments: [String]

    public init(_ program: String, _ arguments: [String] = []) {
        self.program = program
        self.arguments = arguments
    }

    /// nil when the argument vector is empty.
    public init?(vector: [String]) {
        guard let program = vector.first else { return nil }
        self.init(program, Array(vector.dropFirst()))
    }

    /// The program and its arguments.
    public var vector: [String] { [program] + arguments }

    /// The command as a person would type it, quoted where a shell would need it.
    public var description: String { vector.map(ShellText.quoted).joined(separator: " ") }
}

/// One call of a program.
public struct CommandRequest: Sendable {
    public var command: Command { didSet { question = nil } }
    /// What `command` asks, where this process can ask it by itself; nil: it takes the program.
    public var question: HTTPQuestion?
    /// Working folder; nil for the tool's own.
    public var directory: String?
    /// Added to the allow-listed base environment; may hold secrets.
    public var environment: [String: String]
    /// Which variables of the base environment it gets; nil: all of them.
    public var inherited: Set<String>?
    /// Standard input; nil: none, unless `inputFile` is named.
    public var input: Data?
    /// Read as standard input instead of `input`.
    public var inputFile: String?
    /// Bytes it may hand on, to the other program of a pipe or here, more of which end it; nil: as many as it likes.
    public var passesAtMost: Int64?
    /// Bytes each file it writes may have, more of which end it; nil: as many as it likes.
    public var writesAtMost: Int64?
    /// New file that takes standard output, private to its owner; nothing of it is kept in the result then.
    public var outputFile: String?
    /// After it the program and its children are ended.
    public var deadline: Duration
    /// Kept bytes of each stream; the beginning and the end are kept, the middle is dropped.
    public var outputLimit: Int
    /// Whether the child dies with this process: for programs that change something.
    public var diesWithParent: Bool
    /// What it is limited with; nil: with what deployctl is.
    public var group: ResourceGroup?
    /// By what the program and all it starts, wherever that goes, are found as members of an instance; nil: by nothing.
    public var marker: String?

    public init(
        _ command: Command, in directory: String? = nil, environment: [String: String] = [:],
        input: Data? = nil, deadline: Duration = .seconds(30), outputLimit: Int = 1 << 20,
        diesWithParent: Bool = false
    ) {
        self.command = command
        self.directory = directory
        self.environment = environment
        self.input = input
        inputFile = nil
        outputFile = nil
        self.deadline = deadline
        self.outputLimit = outputLimit
        self.diesWithParent = diesWithParent
        marker = nil
    }
}

/// What a program did.
public struct CommandResult: Hashable, Sendable {
    /// How a program ended.
    public enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
        case interrupted
        /// The program could not be started: not installed, not executable, no such folder.
        case notStarted(String)
        /// A question to which no whole answer came, and why.
        case unanswered(String)

        /// A sentence's end that says which signal ended a program, such as `was ended by signal 9`.
        ///
        /// Signal 25, SIGXFSZ, has a cause that a person can do something about, which is named.
        public static func words(for signal: Int32) -> String {
            "was ended by signal \(signal)\(signal == 25 ? ": File too large (ulimit -f)" : "")"
        }
    }

    public var ending: Ending
    public var output: String
    public var errors: String

    public init(_ ending: Ending, output: String = "", errors: String = "") {
        self.ending = ending
        self.output = output
        self.errors = errors
    }

    public var succeeded: Bool { ending == .exited(0) }

    /// Whether it ended because `reader`, which it wrote to, had failed (SIGPIPE): the reader has the reason.
    public func wasLeft(by reader: CommandResult) -> Bool {
        ending == .signalled(13) && !reader.succeeded
    }
}
