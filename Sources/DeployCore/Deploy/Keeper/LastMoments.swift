import FoundationEssentials

/// What the machine's end leaves to services: time to finish, and no more, for the machine waits for whoever is left.
struct LastMoments {
    let ports: Ports

    /// Asks all of them at once to end, and kills each that takes longer than its limit, with what those that ended left.
    func end(_ serving: [(service: RunningService, limit: Duration)]) {
        ports.end(serving.map(\.service), politely: true)
        let began = ports.clock.now()
        var left = serving
        while !left.isEmpty {
            let passed = ports.clock.now().timeIntervalSince(began)
            let over = left.filter { one in
                passed >= min(one.limit.seconds, ResourceGroup.longestFarewell)
                    || ports.running([one.service]).isEmpty
            }.map(\.service)
            ports.end(over, politely: false)
            left.removeAll { one in over.contains { $0.body == one.service.body } }
            ports.clock.sleep(for: .milliseconds(50))
        }
    }
}
