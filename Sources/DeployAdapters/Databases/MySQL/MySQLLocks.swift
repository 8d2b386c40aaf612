import DeployCore

/// Who keeps others from a database's tables.
///
/// Which table that is the server says only of those locked by LOCK TABLES; whose transaction holds one only by its age.
struct MySQLLocks {
    let server: MySQLServer
    let database: String

    /// The same failure with who held the table, where it was a lock that was waited for in vain.
    func naming(_ error: DeployError) -> DeployError {
        guard error.why.holds("ock wait timeout"), let holders = try? holders() else { return error }
        return LockHolder.named(holders, in: error) { "as the server's administrator: KILL \($0)" }
    }

    /// Transactions that began first before those that hold none.
    private func holders() throws(DeployError) -> [LockHolder] {
        let table = try locked()
        let place = MySQLText.literal(database)
        return try server.query(
            """
            SELECT p.id, p.user, p.host, IFNULL(TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), p.time)
            FROM information_schema.processlist p
            LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id
            WHERE p.id <> CONNECTION_ID() AND p.db = \(place) AND p.user <> 'system user'
                AND IFNULL(p.state, '') NOT LIKE 'Waiting for %'
                AND (t.trx_id IS NOT NULL OR \(table == nil ? "p.command <> 'Sleep'" : "1 = 1"))
            ORDER BY 4 DESC;
            """
        ).compactMap { row in
            guard row.count == 4 else { return nil }
            return LockHolder(
                table: table, session: row[0], user: row[1], program: "from \(row[2])", seconds: Int(row[3]))
        }
    }

    private func locked() throws(DeployError) -> String? {
        let rows = try server.query(
            "SHOW OPEN TABLES FROM \(MySQLText.identifier(database)) WHERE In_use > 0 OR Name_locked > 0;")
        return rows.first.flatMap { $0.count > 1 ? $0[1] : nil }
    }
}
