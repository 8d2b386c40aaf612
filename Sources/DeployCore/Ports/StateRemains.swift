import FoundationEssentials

/// Rows of a state that is lost, found on disk.
public struct StateRemains: Sendable {
    /// Oldest first.
    public var releases: [Release] = []
    /// Oldest first; those without a plan are told of by what anybody could have written.
    public var runs: [RecordedRun] = []
    /// Oldest first.
    public var backups: [Backup] = []
    /// Those that stood after entry `stoodAt` of the audit log.
    public var vetoes: [Veto] = []
    public var holds: [Hold] = []
    public var stoodAt: Int64 = 0
    /// For each environment that something lies of: why what it proved is not believed; nil where it is.
    public var doubts: [String: String?] = [:]
    /// The latest name that anything on disk has; nil where nothing has one.
    public var newest: Timestamp?
    /// Where `audit.log` ends; nil where nobody knows.
    public var auditEnd: AuditRecord?
    /// What the audit log says of the rebuilding.
    public var entry: AuditEntry?

    public init() {}
}
