import DeployCore
import Glibc
import Synchronization

private let firstSignal = Atomic<Int32>(0)
private let shielded = Atomic<Bool>(false)
private let wakingEnd = Atomic<Int32>(-1)

/// Records SIGINT, SIGTERM and SIGHUP, and wakes whoever waits.
///
/// One per process: signal handlers are the process's own. The handler stores the number and
/// writes one byte to a pipe; what follows happens at the next safe point.
public final class SignalWatcher: Interruption {
    private let wake: Descriptor?
    private let write: Descriptor?

    /// Starts watching; a SIGHUP ignored by `nohup` stays ignored.
    public init() {
        let ends = makePipe()
        wake = ends?.reading
        write = ends?.writing
        if let ends {
            setNonBlocking(ends.reading)
            setNonBlocking(ends.writing)
        }
        firstSignal.store(0, ordering: .sequentiallyConsistent)
        shielded.store(false, ordering: .sequentiallyConsistent)
        wakingEnd.store(ends?.writing.number ?? -1, ordering: .sequentiallyConsistent)
        // A closed pipe and a file that grew too large are errors of `write`.
        for number in [SIGPIPE, SIGXFSZ] { Glibc.signal(number, SIG_IGN) }
        for number in [SIGINT, SIGTERM, SIGHUP] { Self.watch(number) }
    }

    deinit {
        for number in [SIGINT, SIGTERM, SIGHUP] { Glibc.signal(number, SIG_DFL) }
        wakingEnd.store(-1, ordering: .sequentiallyConsistent)
    }

    /// The exit code of the first signal; nil while none has arrived, and after `shield()`.
    public func requested() -> ExitCode? {
        guard !shielded.load(ordering: .sequentiallyConsistent) else { return nil }
        return switch firstSignal.load(ordering: .sequentiallyConsistent) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        case SIGHUP: .hungUp
        default: nil
        }
    }

    public func followLifeline() { Lifeline.follow() }

    public func shield() { shielded.store(true, ordering: .sequentiallyConsistent) }

    /// Readable from the first signal on; -1 once shielded, so that waiting is waiting again.
    var wakeDescriptor: Int32 {
        shielded.load(ordering: .sequentiallyConsistent) ? -1 : wake?.number ?? -1
    }

    private static func watch(_ number: Int32) {
        var old = sigaction()
        sigaction(number, nil, &old)
        let ignored = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == 1
        if number == SIGHUP && ignored { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handleSignal
        sigemptyset(&action.sa_mask)
        sigaction(number, &action, nil)
    }
}

/// Must stay safe inside a signal handler: atomics and `write` only.
private func handleSignal(_ number: Int32) {
    let saved = errno
    _ = firstSignal.compareExchange(expected: 0, desired: number, ordering: .sequentiallyConsistent)
    let waking = wakingEnd.load(ordering: .sequentiallyConsistent)
    if waking >= 0 {
        var byte: UInt8 = 1
        _ = Glibc.write(waking, &byte, 1)
    }
    errno = saved
}

extension Interruption {
    /// What `poll` watches to wake at a signal; -1, which it skips, for other kinds of interruption.
    var wakeDescriptor: Int32 { (self as? SignalWatcher)?.wakeDescriptor ?? -1 }
}
