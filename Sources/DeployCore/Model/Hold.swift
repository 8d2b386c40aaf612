import FoundationEssentials

/// A person's lock on an environment, with a reason; runs refuse until it is released.
public struct Hold: Hashable, Codable, Sendable {
    /// What is held.
    public var environment: String
    public var performer: String
    public var reason: String
    public var since: Date

    public init(environment: String, performer: String, reason: String, since: Date) {
        self.environment = environment
        self.performer = performer
        self.reason = reason
        self.since = since
    }
}
