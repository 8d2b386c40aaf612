import Glibc

/// Signals on their way to a process without a terminal on another machine: letters on its standard input, whose end says
/// that the machine that wrote them is gone.
enum Lifeline {
    private static let letters: [(letter: UInt8, number: Int32)] = [
        (UInt8(ascii: "I"), SIGINT), (UInt8(ascii: "T"), SIGTERM), (UInt8(ascii: "H"), SIGHUP),
    ]

    /// nil for a signal that does not travel.
    static func letter(for number: Int32) -> UInt8? { letters.first { $0.number == number }?.letter }

    /// Takes standard input over: whatever else would read it finds nothing there.
    static func follow() {
        let copy = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0, let nothing = Descriptor.open("/dev/null", O_RDONLY) else { return }
        let line = Descriptor(copy)
        dup2(nothing.number, STDIN_FILENO)
        _ = OwnThread {
            while true {
                var byte: UInt8 = 0
                let count = withUnsafeMutableBytes(of: &byte) { line.read(into: $0) }
                guard count > 0 else { break }
                if let known = letters.first(where: { $0.letter == byte }) { kill(getpid(), known.number) }
            }
            kill(getpid(), SIGHUP)
        }
    }
}
