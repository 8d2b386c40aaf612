@testable import DeployCore

extension MemoryStateStore {
    public func adding<Value>(
        _ entry: AuditEntry, to body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        let value = try body()
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        memory.audit.append(try AuditRecord(entry, after: memory.audit.last))
        return value
    }

    public func auditRecords(after sequence: Int64, limit: Int) throws(DeployError) -> [AuditRecord] {
        locked { Array($0.audit.filter { $0.sequence > sequence }.prefix(limit)) }
    }

    public func auditRecords(
        of environment: String?, since moment: String?, limit: Int
    ) throws(DeployError) -> [AuditRecord] {
        let found = locked { $0.audit }.reversed().filter { record in
            guard let entry = record.content else { return environment == nil && moment == nil }
            return (environment == nil || entry.environment == environment)
                && moment.map { entry.at >= $0 } ?? true
        }
        return Array(found.prefix(limit))
    }

    /// Puts a record in the place of another, as who goes round the tool would.
    public func forge(_ change: (inout [AuditRecord]) -> Void) { locked { change(&$0.audit) } }
}
