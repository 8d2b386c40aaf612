import Foundation

/// Does something again and again until it is stopped.
final class Killer: @unchecked Sendable {
    private let lock = NSLock()
    private var stopped = false
    private let ended = DispatchSemaphore(value: 0)

    init(every seconds: Double, _ work: @escaping () -> Void) {
        nonisolated(unsafe) let work = work
        Thread.detachNewThread { [self] in
            while !lock.withLock({ stopped }) {
                usleep(UInt32(seconds * 1_000_000))
                work()
            }
            ended.signal()
        }
    }

    func stop() {
        guard
            lock.withLock({ () -> Bool in
                defer { stopped = true }; return !stopped
            })
        else { return }
        ended.wait()
    }
}
