import DeployCore
import Glibc

/// Applies migrations, which are recorded where they have happened.
struct PostgreSQLMigrations {
    let server: PostgreSQLServer
    let database: String

    private static let lock = 0x6465_706c_6f79
    /// The first line of a file that must run outside of a transaction.
    private static let marker = "-- deployctl: no transaction"

    /// Records of migrations among findings.
    ///
    /// - Throws: `.stepFailed` when one began and did not end.
    static func applied(_ findings: [[String?]]) throws(DeployError) -> [AppliedMigration] {
        var found: [AppliedMigration] = []
        for finding in findings.map({ $0.map { $0 ?? "" } }) where finding.first == "migration" {
            guard finding.count == 4 else {
                throw PostgreSQLSummary.unknown(finding.joined(separator: " "))
            }
            guard finding[3] == "false" else { throw interrupted(finding[1]) }
            found.append(AppliedMigration(name: finding[1], sha256: finding[2]))
        }
        return found
    }

    func recorded() throws(DeployError) -> [AppliedMigration] {
        try Self.applied(
            server.answers(
                to: PostgreSQLSummaryScript.begin + PostgreSQLSummaryScript.migrations, in: database))
    }

    func apply(_ migration: MigrationFile) throws(DeployError) {
        let plain = !migration.sql.begins(with: Self.marker)
        do throws(DeployError) {
            try refuseUnreadable(migration, plain: plain)
            if plain { try applyWhole(migration) } else { try applyWithoutTransaction(migration) }
        } catch {
            throw PostgreSQLLocks(server: server, database: database)
                .naming(plain ? failure(of: migration, error) : unfinished(migration, error))
        }
    }

    /// Its server may still run a statement after its client is gone.
    func end() throws(DeployError) {
        try PostgreSQLEviction(server: server).endHolders(of: Self.lock, in: database)
    }

    /// Outside of a transaction psql reads the file, and runs programs for those who write a backslash.
    private func refuseUnreadable(_ migration: MigrationFile, plain: Bool) throws(DeployError) {
        if migration.sql.utf8.contains(0) { throw refusal("it contains a NUL byte") }
        if plain, Self.readsData(migration.sql) {
            throw refusal("COPY from stdin needs a client that sends data; use INSERT")
        }
        if !plain, migration.sql.utf8.contains(UInt8(ascii: "\\")) {
            throw refusal("without a transaction a file may not contain a backslash")
        }
    }

    /// A line that ends data is written by nobody but who has data in the file.
    private static func readsData(_ sql: String) -> Bool {
        sql.lines.contains { $0 == "\\." }
    }

    private func refusal(_ why: String) -> DeployError {
        DeployError(.stepFailed, what: "The migration cannot run", why: why, next: "remove it from the file")
    }

    private func failure(of migration: MigrationFile, _ error: DeployError) -> DeployError {
        let place = PostgreSQLScript.place(of: error.why, in: migration.sql).map { "\($0): " } ?? ""
        return DeployError(
            .stepFailed, what: "Migration \(migration.name) fails",
            why: "\(place)\(error.why); nothing of it stays",
            next: PostgreSQLScript.next(after: error))
    }

    private func unfinished(_ migration: MigrationFile, _ error: DeployError) -> DeployError {
        DeployError(
            .stepFailed, what: "Migration \(migration.name) fails", why: "\(error.why); part of it may stay",
            next: Self.interrupted(migration.name).next)
    }

    private static func interrupted(_ name: String) -> DeployError {
        DeployError(
            .stepFailed, what: "Migration \(name) was cut short",
            why: "it runs outside of a transaction, so part of it may have happened",
            next:
                "finish it by hand and set running to false in \(AppliedMigration.table), or take it back and delete its row"
        )
    }
}

extension PostgreSQLMigrations {
    /// Everything in one transaction, the record included.
    ///
    /// The server runs the file from within a block of its own language: so psql sees nothing in it that it could
    /// take for a command of its own, and the server itself refuses what would end the transaction.
    ///
    /// While it waits for a table everybody else waits behind it: so it gives way for a moment, and comes again.
    private func applyWhole(_ migration: MigrationFile) throws(DeployError) {
        let began = ContinuousClock.now
        while true {
            do throws(DeployError) { return try applyAtOnce(migration) } catch {
                guard error.why.holds("lock timeout"), ContinuousClock.now - began < Self.patience else {
                    throw error
                }
            }
            usleep(1_000_000)
        }
    }

    private func applyAtOnce(_ migration: MigrationFile) throws(DeployError) {
        let run = "EXECUTE \(PostgreSQLText.verbatim(migration.sql));"
        try server.answers(
            to: """
                \(Self.caution)
                SET lock_timeout = '4s';
                BEGIN;
                \(block(migration, then: "\(run)\n\(insert(migration, running: false))"))
                COMMIT;
                """, in: database, as: .application, deadline: Self.deadline)
    }

    /// Statement by statement, between two marks: who finds only the first knows that it was cut short.
    private func applyWithoutTransaction(_ migration: MigrationFile) throws(DeployError) {
        let marked = try server.answers(
            to: """
                \(Self.caution)
                SELECT json_build_array('done', set_config('deployctl.done', 'true', false));
                \(block(migration, then: "SET deployctl.done = 'false';\n\(insert(migration, running: true))"))
                SELECT json_build_array('done', current_setting('deployctl.done'));
                """, in: database, as: .application)
        guard marked.last?.last == "false" else { return }
        try server.answers(
            to: "\(Self.caution)\nSELECT pg_advisory_lock(\(Self.lock));\n\(migration.sql)\n;",
            in: database, as: .application, deadline: Self.deadline)
        let done =
            "EXECUTE format('UPDATE %s SET running = false WHERE name = %L', records, \(name(migration)));"
        try server.answers(
            to: PostgreSQLQuestion.block("DECLARE records text; BEGIN \(Self.findTable) \(done) END"),
            in: database,
            as: .application)
    }

    private static let deadline = Duration.seconds(4 * 3600)
    /// How long a migration tries to get its tables.
    private static let patience = Duration.seconds(50)

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
        PostgreSQLQuestion.block(
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
