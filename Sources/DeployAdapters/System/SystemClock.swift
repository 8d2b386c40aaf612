import DeployCore
import FoundationEssentials
import Glibc

/// The machine's clock.
public struct SystemClock: WallClock {
    private let interruption: any Interruption

    public init(interruption: any Interruption) { self.interruption = interruption }

    public func now() -> Date { Date() }

    public func sleep(for duration: Duration) {
        let end = monotonicNow() + duration.nanoseconds
        while interruption.requested() == nil {
            let now = monotonicNow()
            if now >= end { return }
            var waking = pollfd(fd: interruption.wakeDescriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&waking, 1, pollTimeout(until: end, now: now))
        }
    }
}
