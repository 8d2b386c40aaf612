import DeployCore
import Glibc

/// Asks on the controlling terminal, so that a piped word can never confirm.
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
        tcflush(terminal.number, TCIFLUSH)
        var question = question
        guard question.withUTF8({ terminal.write(UnsafeRawBufferPointer($0)) }) else { return nil }
        // An interrupt empties the line between poll and read, which would then wait for ever.
        _ = fcntl(terminal.number, F_SETFL, O_RDWR | O_NONBLOCK)
        guard let line = readLine(terminal) else {
            var feed = "\n"
            _ = feed.withUTF8 { terminal.write(UnsafeRawBufferPointer($0)) }
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
