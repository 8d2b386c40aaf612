import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where words go: data to standard output, everything else to standard error.
public struct OutputStreams: Sendable {
    public struct Stream: Sendable {
        public let isTerminal: Bool
        /// Columns and rows of the terminal now; it may be resized at any time.
        public let size: @Sendable () -> (columns: Int, rows: Int)
        /// Writes all of it or gives up silently: a reader that went away never stops a run.
        public let write: @Sendable (String) -> Void

        public init(
            isTerminal: Bool, size: @escaping @Sendable () -> (columns: Int, rows: Int) = { (80, 24) },
            write: @escaping @Sendable (String) -> Void
        ) {
            self.isTerminal = isTerminal
            self.size = size
            self.write = write
        }
    }

    public let output: Stream
    public let errors: Stream

    /// Whether what is typed at a terminal arrives here.
    let readsTerminal: Bool

    public init(output: Stream, errors: Stream) {
        self.init(output: output, errors: errors, readsTerminal: false)
    }

    private init(output: Stream, errors: Stream, readsTerminal: Bool) {
        self.output = output
        self.errors = errors
        self.readsTerminal = readsTerminal
    }

    /// The process's own streams; from here on a closed pipe, or a file that may not grow, is an error of `write`,
    /// not a signal.
    public static func system() -> OutputStreams {
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        return OutputStreams(
            output: stream(STDOUT_FILENO), errors: stream(STDERR_FILENO),
            readsTerminal: isatty(STDIN_FILENO) == 1)
    }

    private static func stream(_ descriptor: Int32) -> Stream {
        Stream(
            isTerminal: isatty(descriptor) == 1, size: { terminalSize(descriptor) },
            write: { text in writeAll(text, to: descriptor) })
    }

    private static func terminalSize(_ descriptor: Int32) -> (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    private static func writeAll(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[rest.indices])
                let written = write(descriptor, part.baseAddress, part.count)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    if poll(&waiting, 1, 1_000) <= 0 { return }
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
