import DeployCore

/// Ends what others do in databases.
struct PostgreSQLEviction {
    let server: PostgreSQLServer

    /// Ends those who are connected now, and waits until they are gone; who comes later is let in.
    func endSessions(in name: String) throws(DeployError) {
        try server.answers(to: Self.end(Self.others(in: [name]), in: name))
    }

    /// Ends those who hold this advisory lock now, and waits until they are gone.
    func endHolders(of lock: Int, in name: String) throws(DeployError) {
        let holders = """
            SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                AND classid::bigint = \(lock >> 32) AND objid::bigint = \(lock & 0xffff_ffff)
            """
        try server.answers(to: Self.end("\(Self.others(in: [name])) AND pid IN (\(holders))", in: name))
    }

    /// Does to databases what the server refuses while somebody is connected.
    ///
    /// The server keeps newcomers out as soon as the statement has begun and waits five seconds for the others; a
    /// second session ends those meanwhile, the ones that came in between included. `done` is true in SQL once it is
    /// done; the script begins with the mark it is given.
    func clearing(
        _ names: [String], until done: String, deadline: Duration, _ script: (String) -> String
    ) throws(DeployError) {
        var attempts = 3
        while true {
            let mark = RandomWord.make("deployctl ")
            let helper = Self.keepClear(names, for: mark, until: done)
            do throws(DeployError) {
                try server.run(
                    script("SET application_name = \(PostgreSQLText.literal(mark));"), while: helper,
                    deadline: deadline)
                return
            } catch {
                attempts -= 1
                guard attempts > 0, error.why.holds("being accessed by other users") else { throw error }
            }
        }
    }
}

extension PostgreSQLEviction {
    private static func end(_ who: String, in name: String) -> String {
        PostgreSQLQuestion.block(
            """
            DECLARE
                those integer[] := array(SELECT pid FROM pg_stat_activity WHERE \(who));
                until timestamptz := clock_timestamp() + interval '30 s';
            BEGIN
                WHILE EXISTS (SELECT FROM pg_stat_activity WHERE pid = ANY (those) AND \(others(in: [name]))) LOOP
                    IF clock_timestamp() > until THEN
                        RAISE EXCEPTION 'sessions in % do not end', \(PostgreSQLText.literal(name));
                    END IF;
                    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE pid = ANY (those) AND \(others(in: [name]));
                    PERFORM pg_sleep(0.02), pg_stat_clear_snapshot();
                END LOOP;
            END
            """)
    }

    /// Ends whoever is connected, again and again, until the session named `mark` has done its work.
    ///
    /// `done` is true once it has; whoever comes after that is welcome.
    private static func keepClear(_ names: [String], for mark: String, until done: String) -> String {
        let working =
            "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = \(PostgreSQLText.literal(mark)))"
        return PostgreSQLQuestion.block(
            """
            DECLARE
                beginning timestamptz := clock_timestamp();
                seen boolean := false;
            BEGIN
                WHILE clock_timestamp() < beginning + interval '8 s' LOOP
                    PERFORM pg_stat_clear_snapshot();
                    EXIT WHEN \(done) OR seen AND NOT \(working);
                    seen := seen OR \(working);
                    EXIT WHEN NOT seen AND clock_timestamp() > beginning + interval '2 s';
                    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE \(others(in: names)) AND NOT (\(done));
                    PERFORM pg_sleep(0.01);
                END LOOP;
            END
            """)
    }

    /// Sessions of programs; the server's own helpers have no user and give way by themselves.
    private static func others(in names: [String]) -> String {
        let list = names.map(PostgreSQLText.literal).joined(separator: ", ")
        return "datname IN (\(list)) AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
    }
}
