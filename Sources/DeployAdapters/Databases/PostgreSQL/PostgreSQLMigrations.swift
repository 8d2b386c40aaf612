import DeployCore

/// How a migration and its record get into a database.
struct PostgreSQLMigrations {
    let client: PostgreSQLClient
    let database: String

    static let lock = 0x6465_706c_6f79

    /// Everything in one transaction, the record included.
    ///
    /// The server runs the file from within a block of its own language: so psql sees nothing in it that it could
    /// take for a command of its own, and the server itself refuses what would end the transaction.
    func apply(_ migration: MigrationFile) throws(DeployError) {
        let run = "EXECUTE \(PostgreSQLText.verbatim(migration.sql));"
        try client.answers(
            to: """
                \(Self.caution)
                BEGIN;
                \(block(migration, then: "\(run)\n\(insert(migration, running: false))"))
                COMMIT;
                """, in: database, as: .application, deadline: Self.deadline)
    }

    /// Statement by statement, between two marks: who finds only the first knows that it was cut short.
    func applyWithoutTransaction(_ migration: MigrationFile) throws(DeployError) {
        let marked = try client.answers(
            to: """
                \(Self.caution)
                SELECT json_build_array('done', set_config('deployctl.done', 'true', false));
                \(block(migration, then: "SET deployctl.done = 'false';\n\(insert(migration, running: true))"))
                SELECT json_build_array('done', current_setting('deployctl.done'));
                """, in: database, as: .application)
        guard marked.last?.last == "false" else { return }
        try client.answers(
            to: "\(Self.caution)\nSELECT pg_advisory_lock(\(Self.lock));\n\(migration.sql)\n;",
            in: database, as: .application, deadline: Self.deadline)
        let done =
            "EXECUTE format('UPDATE %s SET running = false WHERE name = %L', records, \(name(migration)));"
        try client.answers(
            to: PostgreSQLScripts.block("DECLARE records text; BEGIN \(Self.findTable) \(done) END"),
            in: database,
            as: .application)
    }

    static func interrupted(_ name: String) -> DeployError {
        DeployError(
            .stepFailed, what: "Migration \(name) was cut short",
            why: "it runs outside of a transaction, so part of it may have happened",
            next:
                "finish it by hand and set running to false in \(AppliedMigration.table), or take it back and delete its row"
        )
    }

    private static let deadline = Duration.seconds(4 * 3600)

    /// Nobody waits for long behind a migration that waits, and a server notices when its client is gone.
    private static let caution = """
        SET lock_timeout = '60s';
        SELECT set_config(name, '1s', false) FROM pg_settings WHERE name = 'client_connection_check_interval';
        """

    private static let findTable = """
        SELECT format('%I.%I', n.nspname, c.relname) INTO records
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relname = '\(AppliedMigration.table)' AND c.relkind = 'r' AND n.nspname !~ '^pg_temp'
            ORDER BY n.nspname COLLATE "C" LIMIT 1;
        """

    /// Makes the table of records where there is none, and does nothing when the migration is recorded.
    private func block(_ migration: MigrationFile, then work: String) -> String {
        PostgreSQLScripts.block(
            """
            DECLARE
                records text;
                known text;
            BEGIN
                PERFORM pg_advisory_xact_lock(\(Self.lock));
                \(Self.findTable)
                IF records IS NULL THEN
                    records := format('%I.%I', current_schema(), '\(AppliedMigration.table)');
                    EXECUTE format('CREATE TABLE %s (name text PRIMARY KEY, sha256 text NOT NULL, running boolean NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())', records);
                END IF;
                EXECUTE format('SELECT running::text FROM %s WHERE name = %L', records, \(name(migration))) INTO known;
                IF known = 'true' THEN RAISE EXCEPTION 'it was cut short before; it does not run in a transaction'; END IF;
                IF known = 'false' THEN RETURN; END IF;
                \(work)
            END
            """)
    }

    private func insert(_ migration: MigrationFile, running: Bool) -> String {
        """
        EXECUTE format('INSERT INTO %s (name, sha256, running) VALUES (%L, %L, %L)', records, \(name(migration)),
                    '\(migration.sha256)', '\(running)');
        """
    }

    private func name(_ migration: MigrationFile) -> String { PostgreSQLText.literal(migration.name) }
}
