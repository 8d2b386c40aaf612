import Foundation

/// Somebody who keeps asking through the front door.
public final class LiveTraffic: @unchecked Sendable {
    private let port: Int
    private let path: String
    private let method: String
    private let lock = NSLock()
    private var stopped = false
    private var requests = 0
    private var failures: [String] = []
    private let ended = DispatchSemaphore(value: 0)

    public init(port: Int, path: String = "/version", method: String = "GET") {
        (self.port, self.path, self.method) = (port, path, method)
        Thread.detachNewThread { [self] in
            while !lock.withLock({ stopped }) { askOnce() }
            ended.signal()
        }
    }

    private func askOnce() {
        let answer = HTTP.ask(method, path, port: port, body: method == "GET" ? "" : "written")
        lock.withLock {
            requests += 1
            if !(200...201).contains(answer.status) { failures.append("\(answer.status) \(answer.body)") }
        }
        usleep(10_000)
    }

    /// - Throws: when any request so far was not answered well.
    public func expectUnharmed(_ claim: String) throws {
        let failed = lock.withLock { failures }
        try expect(failed.isEmpty, "\(claim): \(failed.count) requests failed: \(failed.first ?? "")")
    }

    /// - Returns: how many requests were made.
    @discardableResult
    public func stop() -> Int {
        lock.withLock { stopped = true }
        ended.wait()
        return lock.withLock { requests }
    }
}
