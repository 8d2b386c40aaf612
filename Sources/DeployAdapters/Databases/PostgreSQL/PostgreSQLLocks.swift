import DeployCore

/// Who keeps others from a database's tables.
struct PostgreSQLLocks {
    let server: PostgreSQLServer
    let database: String

    /// The same failure with who held the table, where it was a lock that was waited for in vain.
    func naming(_ error: DeployError) -> DeployError {
        let isLock = ["lock timeout", "lock-wait", "stayed locked"].contains { error.why.holds($0) }
        guard isLock, let holders = try? holders() else { return error }
        return LockHolder.named(holders, in: error) {
            PostgreSQLAdvice.psql("SELECT pg_terminate_backend(\($0))")
        }
    }

    /// Those who keep everybody out first, then those who began first.
    private func holders() throws(DeployError) -> [LockHolder] {
        try server.answers(
            to: """
                SELECT json_build_array(format('%s.%s', n.nspname, c.relname), pid::text, usename, application_name, seconds)
                FROM (SELECT DISTINCT ON (a.pid) a.pid, l.relation, a.usename, a.application_name, l.mode,
                        extract(epoch FROM clock_timestamp() - a.xact_start)::bigint::text AS seconds
                    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                    WHERE l.locktype = 'relation' AND l.granted AND a.datname = current_database()
                        AND l.pid <> pg_backend_pid() AND l.relation >= 16384
                        AND a.application_name !~ '^deployctl'
                    ORDER BY a.pid, l.mode <> 'AccessExclusiveLock', l.mode = 'AccessShareLock') h
                JOIN pg_class c ON c.oid = h.relation JOIN pg_namespace n ON n.oid = c.relnamespace
                ORDER BY h.mode <> 'AccessExclusiveLock', seconds::bigint DESC NULLS LAST;
                """, in: database
        ).compactMap { row in
            guard row.count == 5, let table = row[0], let pid = row[1] else { return nil }
            return LockHolder(
                table: table, session: pid, user: row[2] ?? "", program: row[3],
                seconds: row[4].flatMap { Int($0) })
        }
    }
}
