import DeployCore
import Glibc

/// Asks on the controlling terminal, so that a piped word can never confirm.
///
/// What is read over standard input is never an answer to a question.
public struct TerminalPrompter: Prompter {
    private static let lineLimit = 4096

    private let interruption: any Interruption
    private let terminal: String
    private let standardInput: Int32

    /// The terminal and the standard input are the process's own, except in tests.
    public init(interruption: any Interruption, terminal: String = "/dev/tty", standardInput: Int32 = 0) {
        self.interruption = interruption
        self.terminal = terminal
        self.standardInput = standardInput
    }

    public var canAsk: Bool { open() != nil }

    public func ask(_ question: String) -> String? {
        guard interruption.requested() == nil, let terminal = open() else { return nil }
        return ask(question, on: terminal)
    }

    /// Signals are answered by `interruption`, which ends the reading, so that what is typed is seen again afterwards.
    public func askUnseen(_ question: String) -> String? {
        guard interruption.requested() == nil, let terminal = open() else { return nil }
        var before = termios()
        guard tcgetattr(terminal.number, &before) == 0 else { return nil }
        var unseen = before
        unseen.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL)
        guard tcsetattr(terminal.number, TCSAFLUSH, &unseen) == 0 else { return nil }
        defer { _ = tcsetattr(terminal.number, TCSANOW, &before) }
        let answer = ask(question, on: terminal)
        if answer != nil { feedLine(terminal) }
        return answer
    }

    public func piped(limit: Int) -> [UInt8]? {
        guard isatty(standardInput) == 0 else { return nil }
        var bytes: [UInt8] = []
        while bytes.count <= limit, interruption.requested() == nil {
            var watched = [
                pollfd(fd: standardInput, events: Int16(POLLIN), revents: 0),
                pollfd(fd: interruption.wakeDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, -1) > 0, watched[0].revents != 0 else { continue }
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, used in
                count = retrying { Glibc.read(standardInput, buffer.baseAddress, buffer.count) }
                used = max(0, count)
            }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += chunk
        }
        return interruption.requested() == nil ? bytes : nil
    }

    private func feedLine(_ terminal: Descriptor) {
        var feed = "\n"
        _ = feed.withUTF8 { terminal.write(UnsafeRawBufferPointer($0)) }
    }

    private func ask(_ question: String, on terminal: Descriptor) -> String? {
        tcflush(terminal.number, TCIFLUSH)
        var question = question
        guard question.withUTF8({ terminal.write(UnsafeRawBufferPointer($0)) }) else { return nil }
        // An interrupt empties the line between poll and read, which would then wait for ever.
        _ = fcntl(terminal.number, F_SETFL, O_RDWR | O_NONBLOCK)
        guard let line = readLine(terminal) else {
            feedLine(terminal)
            return nil
        }
        return line
    }

    private func open() -> Descriptor? {
        guard isatty(standardInput) == 1,
            let descriptor = Descriptor.open(terminal, O_RDWR | O_NOCTTY), isatty(descriptor.number) == 1
        else { return nil }
        // Reading in the background would stop the process.
        let foreground = tcgetpgrp(descriptor.number)
        return foreground > 0 && foreground != getpgrp() ? nil : descriptor
    }

    private func readLine(_ terminal: Descriptor) -> String? {
        var line: [UInt8] = []
        while interruption.requested() == nil {
            var watched = [
                pollfd(fd: terminal.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: interruption.wakeDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, -1) > 0, watched[0].revents != 0, interruption.requested() == nil else {
                continue
            }
            var byte: UInt8 = 0
            let count = withUnsafeMutableBytes(of: &byte) { terminal.read(into: $0) }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            if count <= 0 { return nil }
            if byte == UInt8(ascii: "\n") { return String(validating: line, as: UTF8.self) }
            line.append(byte)
            if line.count > Self.lineLimit { return nil }
        }
        return nil
    }
}
