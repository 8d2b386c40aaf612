import Foundation

/// A person at a terminal of their own.
public final class TerminalRun: @unchecked Sendable {
    private let person: Int32
    private var pid: Int32 = 0
    private let words: [String]
    private let began = Date()
    private(set) public var shown = ""

    // TIOCSPTLCK and TIOCGPTN, macros that Swift cannot see.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    /// `columns`: 0 where the terminal does not say.
    init(_ words: [String], directory: String, environment: [String: String], columns: Int = 0) throws {
        person = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        var locked: Int32 = 0
        var number: Int32 = -1
        guard person >= 0, ioctl(person, Self.setLock, &locked) == 0,
            ioctl(person, Self.getNumber, &number) == 0
        else {
            throw Unexpected("no terminal: errno \(errno)")
        }
        self.words = words
        if columns > 0 { resize(to: columns) }
        pid = try SpawnedChild(
            words: words, directory: directory, environment: environment,
            streams: .terminal("/dev/pts/\(number)")
        ).start()
    }

    deinit { close(person) }

    public func resize(to columns: Int) {
        var size = winsize(ws_row: 40, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(person, UInt(TIOCSWINSZ), &size)
    }

    /// Tells it what Ctrl-C would.
    public func interrupt() { kill(pid, SIGINT) }

    /// How often the screen was drawn anew.
    public var drawings: Int { shown.components(separatedBy: "\u{1b}[2J").count - 1 }

    /// Reads until the screen was drawn so often; false where that takes longer.
    public func awaitDrawings(_ count: Int, within seconds: Double) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while drawings < count, Date() < end, readSome() {}
        return drawings >= count
    }

    /// Whether what is typed is shown and a line feed begins a line.
    public var isSane: Bool {
        var mode = termios()
        return tcgetattr(person, &mode) == 0 && mode.c_lflag & tcflag_t(ECHO) != 0
            && mode.c_oflag & tcflag_t(OPOST) != 0
    }

    /// Reads until the screen has shown this.
    public func await(_ text: String, within seconds: Double = 60) throws {
        let end = Date().addingTimeInterval(seconds)
        while !shown.contains(text) {
            guard Date() < end, readSome() else {
                throw Unexpected("\(words.joined(separator: " ")) did not show \(text)\n\(shown)")
            }
        }
    }

    /// Reads while it types, as a terminal does: who types faster than what is shown is read waits for ever otherwise.
    public func type(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            var watched = pollfd(fd: person, events: Int16(POLLIN | POLLOUT), revents: 0)
            guard poll(&watched, 1, 10_000) > 0 else { return }
            if watched.revents & Int16(POLLIN) != 0, !readSome() { return }
            if watched.revents & Int16(POLLOUT) != 0 {
                let count = rest.withUnsafeBytes { write(person, $0.baseAddress, $0.count) }
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EAGAIN { return }
            } else if watched.revents & Int16(POLLIN) == 0 {
                return
            }
        }
    }

    /// Reads to the end; the output holds everything shown.
    public func wait(upTo deadline: Double = 60) throws -> ProgramRun {
        let end = Date().addingTimeInterval(deadline)
        while Date() < end, readSome() {}
        var status: Int32 = 0
        guard eventually(within: max(1, end.timeIntervalSinceNow), { waitpid(pid, &status, WNOHANG) == pid })
        else {
            kill(pid, SIGKILL)
            waitpid(pid, &status, 0)
            throw Unexpected("\(words.joined(separator: " ")) still ran after \(deadline) s\n\(shown)")
        }
        let signal = status & 0x7f
        return ProgramRun(
            words: words, status: signal == 0 ? (status >> 8) & 0xff : -signal, output: shown, errors: shown,
            seconds: Date().timeIntervalSince(began))
    }

    /// False once nobody has the terminal open any more.
    private func readSome() -> Bool {
        var watched = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, 100) > 0 else { return true }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(person, &bytes, bytes.count)
        guard count > 0 else { return false }
        shown += String(decoding: bytes[..<count], as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
        return true
    }
}
