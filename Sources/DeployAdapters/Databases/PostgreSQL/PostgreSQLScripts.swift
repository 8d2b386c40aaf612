/// Statements on whole databases.
enum PostgreSQLScripts {
    /// An empty database with encoding and collation of the live one, if there is one.
    static func create(_ name: String, owner: String?, like live: String) -> String {
        let beginning = begin(name, owner)
        return """
            SELECT concat_ws(' ', \(PostgreSQLText.literal(beginning)), (
                SELECT format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype)
                    || CASE to_jsonb(d) ->> 'datlocprovider'
                        WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L',
                            coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
                        WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> 'datlocale')
                        ELSE '' END
                FROM pg_database d WHERE datname = \(PostgreSQLText.literal(live)))) \\gexec
            """
    }

    static func begin(_ name: String, _ owner: String?) -> String {
        let owner = owner.map { " OWNER \(PostgreSQLText.identifier($0))" } ?? ""
        return "CREATE DATABASE \(PostgreSQLText.identifier(name)) TEMPLATE template0\(owner)"
    }

    /// Ends those who are connected now, and waits until they are gone; who comes later is let in.
    static func endSessions(in name: String) -> String { end(others(in: [name]), in: name) }

    /// Ends those who hold this advisory lock now, and waits until they are gone.
    static func endHolders(of lock: Int, in name: String) -> String {
        let holders = """
            SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                AND classid::bigint = \(lock >> 32) AND objid::bigint = \(lock & 0xffff_ffff)
            """
        return end("\(others(in: [name])) AND pid IN (\(holders))", in: name)
    }

    private static func end(_ who: String, in name: String) -> String {
        block(
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
    static func keepClear(_ names: [String], for mark: String, until done: String) -> String {
        let working =
            "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = \(PostgreSQLText.literal(mark)))"
        return block(
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

    static func exists(_ name: String) -> String {
        "EXISTS (SELECT FROM pg_database WHERE datname = \(PostgreSQLText.literal(name)))"
    }

    /// Sessions of programs; the server's own helpers have no user and give way by themselves.
    private static func others(in names: [String]) -> String {
        let list = names.map(PostgreSQLText.literal).joined(separator: ", ")
        return "datname IN (\(list)) AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
    }

    static func block(_ body: String) -> String { "DO \(PostgreSQLText.verbatim(body));" }
}
