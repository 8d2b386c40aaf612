import DeployCore
import FoundationEssentials
import Glibc

/// One child from its start to its result, driven by the runner's loop.
final class RunningCommand: RunningWork {
    enum Pipe {
        case reading(Descriptor)
        case writing(Descriptor)
    }

    private enum Stage {
        case running
        /// Asked to end; killed at the instant.
        case ending(killAt: Int64)
        case killed
        /// Ended; its output is read until the instant at the latest.
        case draining(until: Int64)
        case finished
    }

    private static let grace: Int64 = 5_000_000_000
    private static let drainLimit: Int64 = 200_000_000
    private static let pollWithoutDescriptor: Int64 = 5_000_000

    private var stage = Stage.running
    private var ending: CommandResult.Ending?
    private var pid: Int32 = 0
    private let group: ResourceGroup?
    private var process: Descriptor?
    /// What it lacked; nil: nothing.
    private var shortage: String?
    private var deadline: Int64 = 0
    private let mostOutput: Int64
    private var input: ChildInput?
    private var output: ChildOutput
    private var errors: ChildOutput

    /// `pipe` takes the place of standard input or output.
    init(_ request: CommandRequest, pipe: Pipe? = nil) {
        group = request.group
        output = ChildOutput(limit: request.outputLimit)
        errors = ChildOutput(limit: request.outputLimit)
        mostOutput = request.passesAtMost ?? .max
        if let reason = start(request, pipe) { finish(.notStarted(reason)) }
    }

    init(refused request: CommandRequest) {
        group = nil
        output = ChildOutput(limit: 0)
        errors = ChildOutput(limit: 0)
        mostOutput = .max
        finish(.interrupted)
    }

    var isFinished: Bool { if case .finished = stage { true } else { false } }

    var result: CommandResult {
        CommandResult(
            ending ?? .notStarted("not started"), output: output.text,
            errors: [errors.text, shortage].compactMap(\.self).joined(separator: "\n"))
    }

    /// What it wrote to its error stream so far.
    var complaints: String { errors.text }

    /// What it wrote to its output since the last call.
    func takeOutput() -> [UInt8] { output.take() }

    /// Gives it more to read; `last` closes its input behind.
    func feed(_ data: Data, last: Bool) {
        guard let input else { return }
        input.add(data)
        input.staysOpen = !last
        if !input.write() { self.input = nil }
    }

    var hasInputLeft: Bool { input?.hasMore ?? false }

    /// Kills it now.
    func end() {
        guard case .running = stage else { return }
        kill(.interrupted)
    }

    var watched: [pollfd] {
        var watched: [pollfd] = []
        if let process { watched.append(pollfd(fd: process.number, events: Int16(POLLIN), revents: 0)) }
        for descriptor in [output.descriptor, errors.descriptor].compactMap(\.self) {
            watched.append(pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0))
        }
        if let input, input.isDue {
            watched.append(pollfd(fd: input.descriptor.number, events: Int16(POLLOUT), revents: 0))
        }
        return watched
    }

    /// When `advance` has something to do even if nothing happens.
    func nextInstant(now: Int64) -> Int64 {
        let next =
            switch stage {
            case .running: deadline
            case .ending(let killAt): killAt
            case .draining(let until): until
            case .killed, .finished: Int64.max
            }
        return process == nil ? min(next, now + Self.pollWithoutDescriptor) : next
    }

    /// Moves bytes without waiting.
    func transfer() {
        output.read()
        errors.read()
        if input?.write() == false { input = nil }
    }

    func advance(now: Int64, interrupted: Bool) {
        switch stage {
        case .running:
            if reap(now) { return }
            if output.total > mostOutput {
                kill(.notStarted(StreamBound.complaint))
            } else if now >= deadline {
                kill(.timedOut)
            } else if interrupted {
                ending = .interrupted
                Glibc.kill(-pid, SIGTERM)
                stage = .ending(killAt: now + Self.grace)
            }
        case .ending(let killAt):
            if !reap(now) && now >= killAt { kill(.interrupted) }
        case .killed:
            _ = reap(now)
        case .draining(let until):
            transfer()
            if (output.descriptor == nil && errors.descriptor == nil) || now >= until { finish(ending) }
        case .finished: break
        }
    }

    private func kill(_ reason: CommandResult.Ending) {
        ending = reason
        Glibc.kill(-pid, SIGKILL)
        stage = .killed
    }

    /// Whether the child has ended; its last words are read next.
    private func reap(_ now: Int64) -> Bool {
        var information = siginfo_t()
        let ended = waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0
        guard !ended || information.si_signo != 0 else { return false }
        // While the leader is unreaped its number cannot belong to another group.
        if ending != nil { Glibc.kill(-pid, SIGKILL) }
        var status: Int32 = 0
        let reaped = retrying { waitpid(pid, &status, 0) }
        if ending == nil { ending = reaped == pid ? Self.ending(status) : .signalled(0) }
        process = nil
        input = nil
        transfer()
        stage = .draining(until: now + Self.drainLimit)
        advance(now: now, interrupted: false)
        return true
    }

    private static func ending(_ status: Int32) -> CommandResult.Ending {
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }

    private func finish(_ reason: CommandResult.Ending?) {
        if let group, pid > 0 {
            shortage = LinuxResourceGroups().leave(group, of: pid, failed: reason != .exited(0))
        }
        ending = output.total > mostOutput ? .notStarted(StreamBound.complaint) : reason
        process = nil
        input = nil
        output.close()
        errors.close()
        stage = .finished
    }
}

extension RunningCommand {
    /// Starts the child; the reason when it cannot be.
    private func start(_ request: CommandRequest, _ pipe: Pipe?) -> String? {
        let asked = AccountCommand(request.command)
        let command = asked?.command ?? request.command
        let account = asked.flatMap(ChildAccount.init)
        if let asked, account == nil { return "there is no account \(asked.user)" }
        let environment = BaseEnvironment.with(request.environment, of: request.inherited)
        let found = ProgramPath.find(command.program, path: environment["PATH"], directory: request.directory)
        guard let program = found else {
            return ProgramPath.reasonMissing(command.program, directory: request.directory)
        }
        let streams: ChildStreams
        switch ChildStreams.open(for: request, pipe) {
        case .failure(let failure): return failure.reason
        case .success(let opened): streams = opened
        }
        let spawn = Spawn(
            program: program, arguments: command.vector, environment: environment,
            directory: request.directory, mostWritten: request.writesAtMost, input: streams.input,
            output: streams.output, errors: streams.errors, account: account,
            mark: request.marker.map(InheritedMark.init), diesWithParent: request.diesWithParent,
            group: request.group)
        switch spawn.start() {
        case .failed(let code): return "\(command.program): \(Spawn.reason(code))"
        case .refused(let why): return "\(command.program): \(why)"
        case .started(let pid): self.pid = pid
        }
        let number = openProcessDescriptor(pid)
        process = number < 0 ? nil : Descriptor(number)
        deadline = monotonicNow() + request.deadline.nanoseconds
        output.descriptor = streams.fromOutput
        errors.descriptor = streams.fromErrors
        for end in [streams.fromOutput, streams.fromErrors].compactMap(\.self) { setNonBlocking(end) }
        if let writing = streams.toInput, let data = request.input { input = ChildInput(writing, data) }
        return nil
    }
}
