import FoundationEssentials

/// One run against an environment, with its outcome; nil while it is unfinished.
public struct Deployment: Hashable, Codable, Sendable {
    /// What a run does.
    public enum Kind: String, CaseIterable, Codable, Sendable {
        case deploy, promote, rollback, start, stop, restart, backup, restore
        /// A rollback tried beside everything that serves.
        case rehearsal
        /// A backup that is there is brought off the machine.
        case copy
        /// A feature gets another share.
        case feature

        /// Whether a run of this kind makes a release current.
        public var movesRelease: Bool { [.deploy, .promote, .rollback].contains(self) }

        /// Whether a run of this kind may change what serves.
        public var touchesServices: Bool { ![.backup, .copy, .rehearsal, .feature].contains(self) }
    }

    /// How a run ended.
    public enum Outcome: String, CaseIterable, Codable, Sendable {
        case succeeded, failed, interrupted
        /// The new release was taken back after cutover.
        case rolledBack = "rolled_back"
    }

    /// Order of creation; never reused.
    public var sequence: Int64
    public var timestamp: Timestamp
    /// The environment it changed.
    public var environment: String
    public var kind: Kind
    /// The release that is current once it is done; nil for a run that knows none.
    public var release: Timestamp?
    /// The full id of that release's commit; nil with it.
    public var commit: String?
    /// nil while it is under way, and after it was cut off.
    public var outcome: Outcome?
    /// Who asked for it, as they are shown.
    public var performer: String
    /// Whose account it was; nil where an earlier version recorded it.
    public var who: Who?
    public var trigger: Trigger
    /// Why, in the performer's words; nil: not said.
    public var reason: String?
    /// What was asked for with an idempotency key; nil where none was given, or an earlier version wrote it.
    public var wish: [String]?
    /// Fingerprint of the plan it runs.
    public var planID: String
    /// Why it did not succeed.
    public var error: DeployError?
    public var startedAt: Date
    /// nil while it is under way, and after it was cut off.
    public var finishedAt: Date?

    public init(
        sequence: Int64, timestamp: Timestamp, environment: String, kind: Kind, release: Timestamp?,
        commit: String?, outcome: Outcome?, performer: String, trigger: Trigger, reason: String?,
        planID: String, error: DeployError?, startedAt: Date, finishedAt: Date?
    ) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.environment = environment
        self.kind = kind
        self.release = release
        self.commit = commit
        self.outcome = outcome
        self.performer = performer
        self.trigger = trigger
        self.reason = reason
        self.planID = planID
        self.error = error
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    /// How long it took; nil while it is unfinished, and of one that lay dead until it was taken back.
    public var seconds: Double? {
        outcome == .interrupted ? nil : finishedAt.map { $0.timeIntervalSince(startedAt) }
    }
}
