import DeployCore

extension SQLiteStateStore {
    public func adding<Value>(
        _ entry: AuditEntry, to body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        let connection = try writing()
        return try connection.transaction { () throws(DeployError) in
            let value = try body()
            let last = try auditRecords(of: nil, since: nil, limit: 1).first
            try add(try AuditRecord(entry, after: last), connection)
            return value
        }
    }

    func add(_ record: AuditRecord, _ connection: SQLiteConnection) throws(DeployError) {
        try connection.run(
            "INSERT INTO audit (sequence, entry, previous, hash) VALUES (?, ?, ?, ?)",
            [.integer(record.sequence), .text(record.entry), .text(record.previous), .text(record.hash)])
    }

    public func auditRecords(after sequence: Int64, limit: Int) throws(DeployError) -> [AuditRecord] {
        try reading().run(
            Self.auditColumns + "WHERE sequence > ? ORDER BY sequence LIMIT \(limit)", [.integer(sequence)]
        ).map(Self.auditRecord)
    }

    public func auditRecords(
        of environment: String?, since moment: String?, limit: Int
    ) throws(DeployError) -> [AuditRecord] {
        var (conditions, values): ([String], [SQLiteValue]) = ([], [])
        if let environment { (conditions, values) = (["environment = ?"], [.text(environment)]) }
        if let moment {
            conditions.append("json_extract(entry, '$.at') >= ?")
            values.append(.text(moment))
        }
        let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
        return try reading().run(
            Self.auditColumns + filter + "ORDER BY sequence DESC LIMIT \(limit)", values
        ).map(Self.auditRecord)
    }

    private static let auditColumns = "SELECT sequence, entry, previous, hash FROM audit "

    private static func auditRecord(_ row: [SQLiteValue]) -> AuditRecord {
        AuditRecord(
            sequence: row[0].integer ?? 0, entry: row[1].text ?? "", previous: row[2].text ?? "",
            hash: row[3].text ?? "")
    }
}
