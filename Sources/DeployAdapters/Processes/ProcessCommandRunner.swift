import DeployCore
import Glibc

/// Runs programs as child processes in process groups of their own.
public struct ProcessCommandRunner: CommandRunner {
    let interruption: any Interruption
    private let longest: Duration?
    private let account: String?

    /// Ignores SIGPIPE in this process and takes SIGCHLD back from a parent that ignored it, because
    /// children that close their input early and exit statuses need that.
    ///
    /// No program may take longer than `longest`, whatever its request allows.
    /// They run as `account`; nil: as this process.
    public init(interruption: any Interruption, longest: Duration? = nil, as account: String? = nil) {
        self.interruption = interruption
        self.longest = longest
        self.account = account
        Glibc.signal(SIGPIPE, SIG_IGN)
        Glibc.signal(SIGCHLD, SIG_DFL)
    }

    /// The same, for programs that may take no longer than `limit`.
    func limited(to limit: Duration) -> ProcessCommandRunner {
        ProcessCommandRunner(interruption: interruption, longest: min(limit, longest ?? limit), as: account)
    }

    /// The same, for programs of another account of this machine.
    func becoming(_ account: String) -> ProcessCommandRunner {
        ProcessCommandRunner(interruption: interruption, longest: longest, as: account)
    }

    public func run(_ request: CommandRequest) -> CommandResult {
        runWave([request][...]).first ?? CommandResult(.notStarted("nothing to run"))
    }

    /// Starts up to 64 at once, so that a long list cannot exhaust descriptors.
    public func runTogether(_ requests: [CommandRequest]) -> [CommandResult] {
        stride(from: 0, to: requests.count, by: 64).flatMap { first in
            runWave(requests[first..<min(first + 64, requests.count)])
        }
    }

    /// Looks for the file, which takes a hundredth of running it.
    public func has(_ program: String) -> Bool {
        ProgramPath.find(program, path: BaseEnvironment.with([:])["PATH"], directory: nil) != nil
    }

    public func lend(_ request: CommandRequest, lifeline: Bool) -> CommandResult {
        LentTerminal(interruption: interruption, hasLifeline: lifeline).run(request)
    }

    public func become(_ request: CommandRequest) -> CommandResult { Become.program(request) }

    private func runWave(_ requests: ArraySlice<CommandRequest>) -> [CommandResult] {
        finish(requests.map { begin($0) })
    }

    /// Both ends start before anything is read, so that nothing is held in memory.
    public func runPiped(_ source: CommandRequest, into sink: CommandRequest) -> (
        CommandResult, CommandResult
    ) {
        guard let most = source.passesAtMost else { return runPiped(source, into: sink, through: nil) }
        return runPiped(source, into: sink, through: StreamBound(most: most))
    }

    public func runPiped(
        _ source: CommandRequest, into sink: CommandRequest,
        watching watch: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) -> (CommandResult, CommandResult) {
        runPiped(source, into: sink, through: StreamView(watch: watch))
    }

    /// What the sink reads went through `filter`.
    ///
    /// Shows `observing` from time to time what the source wrote to its error stream so far; kills both when it says no.
    func runPiped(
        _ source: CommandRequest, into sink: CommandRequest, through filter: (any StreamFilter)? = nil,
        observing observe: ((String) -> Bool)? = nil
    ) -> (CommandResult, CommandResult) {
        guard let (ends, between) = startPiped(source, sink, filter) else {
            let failure = CommandResult(.notStarted(Spawn.reason(errno)))
            return (failure, failure)
        }
        let results = finish(
            ends,
            afterEach: observe.map { observe in
                { if !observe(ends[0].complaints) { for end in ends { end.end() } } }
            })
        let isWhole = between?.finish() ?? true
        if between?.isFull ?? false {
            return (CommandResult(.notStarted(StreamBound.complaint)), results[1])
        }
        guard !isWhole, results.allSatisfy(\.succeeded) else { return (results[0], results[1]) }
        return (CommandResult(.notStarted("its output was not passed on whole")), results[1])
    }

    /// Keeps no end of a pipe itself: the sink would wait for more for ever.
    private func startPiped(
        _ source: CommandRequest, _ sink: CommandRequest, _ filter: (any StreamFilter)?
    ) -> ([RunningCommand], FilteredPipe?)? {
        guard let first = makePipe() else { return nil }
        guard let filter else {
            return ([start(source, .writing(first.writing)), start(sink, .reading(first.reading))], nil)
        }
        guard let second = makePipe(), let between = FilteredPipe(first.reading, filter, second.writing)
        else { return nil }
        return ([start(source, .writing(first.writing)), start(sink, .reading(second.reading))], between)
    }

    private func finish(_ children: [any RunningWork], afterEach look: (() -> Void)? = nil) -> [CommandResult]
    {
        while true {
            look?()
            let now = monotonicNow()
            let interrupted = interruption.requested() != nil
            for child in children { child.advance(now: now, interrupted: interrupted) }
            let running = children.filter { !$0.isFinished }
            guard let wakeUp = running.map({ $0.nextInstant(now: now) }).min() else { break }
            let instant = look == nil ? wakeUp : min(wakeUp, now + Self.lookAgain)
            wait(for: running, until: instant, now: now, interrupted: interrupted)
        }
        return children.map(\.result)
    }

    /// Each next command starts when the one before it ends, whatever the other sequences do.
    public func runTogether(_ sequences: inout [any CommandSequence]) {
        finish(begin(&sequences), of: &sequences)
    }

    /// The first programs are started here, the rest is looked after by a thread, so that none waits for `work`.
    public func runTogether(_ sequences: inout [any CommandSequence], during work: () -> Void) {
        guard !sequences.isEmpty else { return work() }
        let running = begin(&sequences)
        let handed = HandedOver(running: running, sequences: sequences)
        let thread = OwnThread { finish(handed.running, of: &handed.sequences) }
        work()
        if let thread { thread.join() } else { finish(handed.running, of: &handed.sequences) }
        sequences = handed.sequences
    }

    private typealias Running = [(index: Int, child: any RunningWork)]

    /// Only ever in the hands of one thread: its end gives it back.
    private final class HandedOver: @unchecked Sendable {
        let running: Running
        var sequences: [any CommandSequence]

        init(running: Running, sequences: [any CommandSequence]) {
            (self.running, self.sequences) = (running, sequences)
        }
    }

    private func begin(_ sequences: inout [any CommandSequence]) -> Running {
        var running: Running = []
        for index in sequences.indices {
            if let request = sequences[index].next(after: nil) { running.append((index, begin(request))) }
        }
        return running
    }

    private func finish(_ begun: Running, of sequences: inout [any CommandSequence]) {
        var running = begun
        while !running.isEmpty {
            let now = monotonicNow()
            let interrupted = interruption.requested() != nil
            for (_, child) in running { child.advance(now: now, interrupted: interrupted) }
            var going: Running = []
            for (index, child) in running {
                guard child.isFinished else {
                    going.append((index, child))
                    continue
                }
                let request = sequences[index].next(after: child.result)
                if let request { going.append((index, begin(request))) }
            }
            running = going
            let children = going.map(\.child)
            guard !children.isEmpty, !children.contains(where: \.isFinished) else { continue }
            let wakeUp = children.map { $0.nextInstant(now: now) }.min() ?? now
            wait(for: children, until: wakeUp, now: now, interrupted: interrupted)
        }
    }

    private static let lookAgain: Int64 = 250_000_000

    /// Whoever is to be another account takes the program for every question.
    private func begin(_ request: CommandRequest) -> any RunningWork {
        guard let question = request.question, account == nil, interruption.requested() == nil else {
            return start(request)
        }
        let deadline = min(request.deadline, longest ?? request.deadline)
        return RunningQuestion(question, deadline: deadline, outputLimit: request.outputLimit)
    }

    func start(_ request: CommandRequest, _ pipe: RunningCommand.Pipe? = nil) -> RunningCommand {
        guard interruption.requested() == nil else { return RunningCommand(refused: request) }
        var request = request
        if let longest { request.deadline = min(request.deadline, longest) }
        if let account { request = OtherAccount(account).placed(request) }
        return RunningCommand(request, pipe: pipe)
    }

    func wait(for running: [any RunningWork], until instant: Int64, now: Int64, interrupted: Bool) {
        // Once seen, the wake-up stays readable and would make this loop spin.
        let waking = interrupted ? -1 : interruption.wakeDescriptor
        var watched = [pollfd(fd: waking, events: Int16(POLLIN), revents: 0)]
        for child in running { watched.append(contentsOf: child.watched) }
        guard poll(&watched, nfds_t(watched.count), pollTimeout(until: instant, now: now)) > 0 else { return }
        for child in running { child.transfer() }
    }
}
