/// Who asks for a run, from where, and why.
public struct Origin: Hashable, Codable, Sendable {
    public var performer: String
    public var trigger: Trigger
    /// Why, in the performer's words; nil: not said.
    public var reason: String?
    /// A repeat with the same key returns the first run's result.
    public var idempotencyKey: String?
    /// Gates this person goes on against.
    public var overrides: [GateOverride] = []

    public init(performer: String, trigger: Trigger, reason: String? = nil, idempotencyKey: String? = nil) {
        self.performer = performer
        self.trigger = trigger
        self.reason = reason
        self.idempotencyKey = idempotencyKey
    }
}
