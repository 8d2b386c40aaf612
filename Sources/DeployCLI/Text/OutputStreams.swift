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
        /// Writes all of it or gives up: a reader that went away never stops a run.
        public let write: @Sendable (String) -> Void
        /// Why something written did not arrive; nil where all did, or where the reader had enough and went away.
        public let loss: @Sendable () -> String?

        public init(
            isTerminal: Bool, size: @escaping @Sendable () -> (columns: Int, rows: Int) = { (80, 24) },
            loss: @escaping @Sendable () -> String? = { nil }, write: @escaping @Sendable (String) -> Void
        ) {
            self.isTerminal = isTerminal
            self.size = size
            self.loss = loss
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
        let writer = DescriptorWriter(descriptor)
        return Stream(
            isTerminal: isatty(descriptor) == 1, size: { terminalSize(descriptor) },
            loss: { writer.loss }, write: { text in writer.write(text) })
    }

    private static func terminalSize(_ descriptor: Int32) -> (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), size.ws_row > 0 ? Int(size.ws_row) : 24)
    }
}
