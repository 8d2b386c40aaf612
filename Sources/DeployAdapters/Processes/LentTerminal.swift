import DeployCore
import Glibc

/// Runs a program with this process's own streams, and waits for its end.
struct LentTerminal {
    let interruption: any Interruption
    let hasLifeline: Bool

    func run(_ request: CommandRequest) -> CommandResult {
        let environment = BaseEnvironment.with(request.environment)
        let name = request.command.program
        guard let path = ProgramPath.find(name, path: environment["PATH"], directory: request.directory)
        else {
            return CommandResult(.notStarted(ProgramPath.reasonMissing(name, directory: request.directory)))
        }
        guard let ends = makePipe(), let streams = ownStreams() else {
            return CommandResult(.notStarted(Spawn.reason(errno)))
        }
        var spawn = Spawn(
            program: path, arguments: request.command.vector, environment: environment,
            output: streams.output,
            errors: streams.errors)
        spawn.input = hasLifeline ? ends.reading : streams.input
        spawn.keepsTerminal = !hasLifeline
        let mode = hasLifeline ? nil : TerminalMode(STDIN_FILENO)
        defer { mode?.restore() }
        switch spawn.start() {
        case .started(let pid): return wait(for: pid, writing: ends.writing)
        case .failed(let code): return CommandResult(.notStarted(Spawn.reason(code)))
        case .refused(let why): return CommandResult(.notStarted(why))
        }
    }

    /// One that this process was started without reads and writes nothing.
    private func ownStreams() -> (input: Descriptor, output: Descriptor, errors: Descriptor)? {
        let streams = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].compactMap { stream in
            let copy = fcntl(stream, F_DUPFD_CLOEXEC, 3)
            return copy >= 0 ? Descriptor(copy) : Descriptor.open("/dev/null", O_RDWR)
        }
        return streams.count == 3 ? (streams[0], streams[1], streams[2]) : nil
    }

    /// A signal is passed on once: over the lifeline, or to the program itself.
    private func wait(for pid: Int32, writing: Descriptor) -> CommandResult {
        var passed = false
        var status: Int32 = 0
        while true {
            let found = waitpid(pid, &status, WNOHANG)
            if found == pid { break }
            if found < 0, errno != EINTR { return CommandResult(.notStarted(Spawn.reason(errno))) }
            if !passed, let number = interruption.requested()?.signal {
                passed = true
                pass(number, to: pid, over: writing)
            }
            var watched = [
                pollfd(fd: passed ? -1 : interruption.wakeDescriptor, events: Int16(POLLIN), revents: 0)
            ]
            poll(&watched, 1, 50)
        }
        let signal = status & 0x7f
        return CommandResult(signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal))
    }

    private func pass(_ number: Int32, to pid: Int32, over writing: Descriptor) {
        guard hasLifeline else {
            kill(pid, number)
            return
        }
        guard var letter = Lifeline.letter(for: number) else { return }
        _ = withUnsafeBytes(of: &letter) { writing.write($0) }
    }
}

/// How a terminal was, for a program that is killed before it puts it back.
private struct TerminalMode {
    private let descriptor: Int32
    private var before = termios()

    /// nil where it is no terminal.
    init?(_ descriptor: Int32) {
        self.descriptor = descriptor
        guard tcgetattr(descriptor, &before) == 0 else { return nil }
    }

    /// A process in the background would be stopped by it.
    func restore() {
        guard tcgetpgrp(descriptor) == getpgrp() else { return }
        var mode = before
        _ = tcsetattr(descriptor, TCSANOW, &mode)
    }
}

extension ExitCode {
    fileprivate var signal: Int32? { rawValue > 128 ? rawValue - 128 : nil }
}
