import FoundationEssentials

/// A pause that a clock which is set back does not lengthen.
struct Rest: Hashable {
    private var end = Date.distantPast
    private var seconds = 0.0

    /// Begins one that ends after `seconds`.
    mutating func begin(_ seconds: Double, at now: Date) {
        (end, self.seconds) = (now.addingTimeInterval(seconds), seconds)
    }

    /// Whether none is under way.
    func isOver(at now: Date) -> Bool { now >= end || end.timeIntervalSince(now) > seconds }
}
