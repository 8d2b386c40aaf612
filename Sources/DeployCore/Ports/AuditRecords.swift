/// The audit log as the state keeps it; entries are added, and never changed or removed.
public protocol AuditRecords: Sendable {
    /// Adds an entry in one transaction with what `body` writes; neither stays when one cannot.
    func adding<Value>(
        _ entry: AuditEntry, to body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value
    /// Oldest first: those with a higher number than `sequence`.
    func auditRecords(after sequence: Int64, limit: Int) throws(DeployError) -> [AuditRecord]
    /// Newest first: of one environment, or of all when nil; none that is older than `moment`, RFC 3339 in UTC.
    func auditRecords(of environment: String?, since moment: String?, limit: Int) throws(DeployError)
        -> [AuditRecord]
}
