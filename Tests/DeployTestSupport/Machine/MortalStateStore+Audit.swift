@testable import DeployCore

extension MortalStateStore {
    func adding<Value>(
        _ entry: AuditEntry, to body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        try life.look()
        return try base.adding(entry, to: body)
    }
    func auditRecords(after sequence: Int64, limit: Int) throws(DeployError) -> [AuditRecord] {
        try base.auditRecords(after: sequence, limit: limit)
    }
    func auditRecords(
        of environment: String?, since moment: String?, limit: Int
    ) throws(DeployError) -> [AuditRecord] {
        try base.auditRecords(of: environment, since: moment, limit: limit)
    }
}
