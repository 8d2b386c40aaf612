import FoundationEssentials

/// Takes a kernel lock, and waits for whoever has it where that is wished.
struct LockWait {
    let ports: Ports
    /// How long; nil: not at all.
    let waiting: Duration?

    /// Seconds after which a waiting person is told again what for.
    private static let repeatsAfter = 15.0

    /// The lock, for as long as it is kept, with who has it in these words.
    ///
    /// `refusal` gets what whoever has it wrote; nil where that is nothing yet.
    func take(
        _ path: String, as words: String, report: (RunEvent) -> Void = { _ in },
        refusal: (String?) -> DeployError
    ) throws(DeployError) -> any HeldLock {
        try ports.files.makeFolder(Path.parent(path))
        let deadline = ports.clock.now().addingTimeInterval(waiting?.seconds ?? 0)
        var told: Date?
        while true {
            if let lock = try ports.files.lock(path) {
                lock.describe("\(words) since \(UTC.rfc3339(ports.clock.now()))")
                return lock
            }
            let now = ports.clock.now()
            guard waiting != nil, now < deadline, ports.interruption.requested() == nil else {
                throw refusal(holder(path))
            }
            if told.map({ now.timeIntervalSince($0) >= Self.repeatsAfter }) ?? true {
                told = now
                let left = HumanText.duration(deadline.timeIntervalSince(now).rounded(.up))
                report(.waiting("\(holder(path) ?? "another run"), \(left) left"))
            }
            ports.clock.sleep(for: .milliseconds(200))
        }
    }

    private func holder(_ path: String) -> String? {
        let data = (try? ports.files.read(path)) ?? nil
        return data.map { String(decoding: $0, as: UTF8.self) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
