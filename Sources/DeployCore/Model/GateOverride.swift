import FoundationEssentials

/// A person's decision to go on against a gate, kept with the deployment.
public struct GateOverride: Hashable, Codable, Sendable {
    public var gate: String
    public var performer: String
    public var reason: String
    /// What the gate said.
    public var measured: String

    public init(gate: String, performer: String, reason: String, measured: String = "") {
        self.gate = gate
        self.performer = performer
        self.reason = reason
        self.measured = measured
    }

    /// Gates nobody may go on against: what would be deployed, what it would destroy, and who forbade it.
    static let impossible = ["staged", "isolation", "backup-room", "hold"]
    /// Words people try that stand for no gate, or for one of those.
    static let never = impossible + ["lock", "backup", "confirm", "confirmation"]
}
