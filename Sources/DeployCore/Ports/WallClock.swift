import FoundationEssentials

/// The time, and waiting.
public protocol WallClock: Sendable {
    func now() -> Date
    /// Waits; returns early when the person interrupts.
    func sleep(for duration: Duration)
}

/// What the person at the terminal or the system asked this process to do.
public protocol Interruption: Sendable {
    /// The exit code of the signal that arrived, nil while none has.
    func requested() -> ExitCode?
    /// Signals are ignored from here on: used while undoing.
    func shield()
    /// From here on a letter on standard input is a signal, as `lend` writes it, and its end a hang-up.
    func followLifeline()
}

extension Interruption {
    /// For what has no standard input of its own.
    public func followLifeline() {}
}
