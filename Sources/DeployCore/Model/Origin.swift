/// Who asks for a run, from where, and why.
public struct Origin: Hashable, Codable, Sendable {
    /// What they call themselves.
    public var performer: String
    /// Whose account it is; nil where nobody looked.
    public var who: Who?
    public var trigger: Trigger
    /// Why, in the performer's words; nil: not said.
    public var reason: String?
    /// The command as it was typed, without answers, reasons and the words of a program.
    public var command: [String] = []
    /// A repeat of the same wish with the same key returns the first run's result.
    public var idempotencyKey: String?
    /// What is asked for, as words: what a key stands for besides the environment; nil for what takes no key.
    public var wish: [String]?
    /// Gates this person goes on against.
    public var overrides: [GateOverride] = []

    public init(
        performer: String, who: Who? = nil, trigger: Trigger, reason: String? = nil,
        idempotencyKey: String? = nil
    ) {
        self.performer = performer
        self.who = who
        self.trigger = trigger
        self.reason = reason
        self.idempotencyKey = idempotencyKey
    }
}
