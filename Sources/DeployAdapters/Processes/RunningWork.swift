import DeployCore
import Glibc

/// What the runner's loop looks after from its start to its result.
protocol RunningWork: AnyObject {
    var isFinished: Bool { get }
    var result: CommandResult { get }
    /// What wakes the loop.
    var watched: [pollfd] { get }

    /// When `advance` has something to do even if nothing happens; nanoseconds of `monotonicNow`.
    func nextInstant(now: Int64) -> Int64

    /// Moves bytes without waiting.
    func transfer()

    func advance(now: Int64, interrupted: Bool)
}
