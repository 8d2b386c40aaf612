import FoundationEssentials
import Synchronization

@testable import DeployCore

/// A clock that moves only when someone sleeps on it or a test moves it.
public final class FakeClock: WallClock {
    private let instant: Mutex<Date>
    private let pauses = Mutex<[Duration]>([])

    public init(_ start: Date = Date(timeIntervalSince1970: 1_780_000_000)) { instant = Mutex(start) }

    public func now() -> Date { instant.withLock { $0 } }

    public func sleep(for duration: Duration) {
        pauses.withLock { $0.append(duration) }
        move(by: duration)
    }

    /// Lets time pass without anybody sleeping.
    public func move(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        instant.withLock { $0 += Double(seconds) + Double(attoseconds) / 1e18 }
    }

    /// Every pause so far, in order.
    public var slept: [Duration] { pauses.withLock { $0 } }
}
