import FoundationEssentials

/// A person's recorded consent to one exact plan.
public struct Approval: Hashable, Codable, Sendable {
    /// How consent was given.
    public enum Means: String, CaseIterable, Codable, Sendable {
        /// The phrase, typed on a terminal.
        case typed
        /// `--confirm` with the phrase.
        case flag
        /// `--confirm` with the plan's id.
        case planID = "plan_id"
        /// Nobody was asked: the definition accepts that risk.
        case automatic
    }

    public var planID: String
    public var performer: String
    public var means: Means
    public var approvedAt: Date

    public init(planID: String, performer: String, means: Means, approvedAt: Date) {
        self.planID = planID
        self.performer = performer
        self.means = means
        self.approvedAt = approvedAt
    }
}
