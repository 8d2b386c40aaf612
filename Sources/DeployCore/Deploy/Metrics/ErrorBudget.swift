import FoundationEssentials

/// How much of what may fail has failed: of a thousand requests one.
struct ErrorBudget: Sendable {
    /// The part of all requests that is answered without a 5xx.
    static let objective = 0.999

    private let traffic: [Traffic]
    private let now: Date

    init(_ traffic: [Traffic], at now: Date) { (self.traffic, self.now) = (traffic, now) }

    /// How many times as fast as it lasts for the window it is spent; 1 spends all of it in a window.
    ///
    /// Hours are counted as a whole, so that a window may be up to an hour longer. nil without a request in it.
    func burnRate(hours: Int) -> Double? {
        let first = Traffic.hour(of: now.addingTimeInterval(Double(-hours) * 3600))
        let last = Traffic.hour(of: now)
        let inside = traffic.filter { (first...last).contains($0.hour) }
        let requests = inside.reduce(0) { $0 + $1.requests }
        guard requests > 0 else { return nil }
        let failed = inside.filter { $0.statusClass == 5 }.reduce(0) { $0 + $1.requests }
        return Double(failed) / Double(requests) / (1 - Self.objective)
    }

    /// What is left of thirty days, 1 for all of it.
    ///
    /// Below 0 where more failed than may; nil without a request.
    var left: Double? { burnRate(hours: 30 * 24).map { 1 - $0 } }
}
