/// The names a plan gives to what it makes.
public struct PlanNames: Hashable, Sendable {
    public var deployment: Timestamp
    public var backup: Timestamp
    /// A second backup, of what a restore replaces.
    public var retired: Timestamp

    init(deployment: Timestamp, backup: Timestamp, retired: Timestamp) {
        self.deployment = deployment
        self.backup = backup
        self.retired = retired
    }

    /// The same for every plan, so that a fingerprint does not depend on the moment.
    static let placeholder = PlanNames(from: Timestamp(UTC.epoch2000))

    /// Three names in a row.
    init(from first: Timestamp) {
        self.init(deployment: first, backup: first.successor, retired: first.successor.successor)
    }
}
