import FoundationEssentials

/// How many requests of one hour were answered with one class of status, each within the same time.
public struct Traffic: Hashable, Sendable {
    /// Hours since 1970; 0 for all that are too long ago to be kept apart.
    public var hour: Int
    /// The first digit of the status: 5 for what the application or the front failed at.
    public var statusClass: Int
    /// Index of the first of `limits` that the answers stayed within; their count where none was.
    public var slot: Int
    public var requests: Int
    /// How long all of them took together.
    public var seconds: Double

    public init(hour: Int, statusClass: Int, slot: Int, requests: Int = 0, seconds: Double = 0) {
        (self.hour, self.statusClass, self.slot) = (hour, statusClass, slot)
        (self.requests, self.seconds) = (requests, seconds)
    }

    /// Upper limits of how long an answer takes, in seconds, ascending.
    public static let limits = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    static func slot(of seconds: Double) -> Int {
        limits.firstIndex { seconds <= $0 } ?? limits.count
    }

    static func hour(of date: Date) -> Int { Int((date.timeIntervalSince1970 / 3600).rounded(.down)) }
}

/// How often a step ended in an environment, and how long that took together.
public struct StepTimes: Hashable, Sendable {
    public var step: String
    public var count: Int
    /// Of all of them.
    public var seconds: Double

    public init(step: String, count: Int, seconds: Double) {
        (self.step, self.count, self.seconds) = (step, count, seconds)
    }
}

/// How often runs of one kind ended in one way, and how long that took together.
public struct RunTimes: Hashable, Sendable {
    public var kind: Deployment.Kind
    /// nil: under way, or cut off.
    public var outcome: Deployment.Outcome?
    public var count: Int
    /// Of those that ended.
    public var seconds: Double

    public init(kind: Deployment.Kind, outcome: Deployment.Outcome?, count: Int, seconds: Double) {
        (self.kind, self.outcome, self.count, self.seconds) = (kind, outcome, count, seconds)
    }
}
