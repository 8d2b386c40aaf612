import DeployCore

/// Applies migrations on a server that cannot undo changes of the schema.
///
/// A mark says how far one is: `pending` is committed before its first statement, `running` with the first thing of
/// it that is committed, `applied` with the last. So `pending` means that nothing of it is there.
struct MySQLMigrations {
    private static let table = AppliedMigration.table
    let server: MySQLServer
    let database: String

    static func applied(
        _ structure: MySQLStructure, asking ask: MySQLSummary.Ask
    ) throws(DeployError) -> [AppliedMigration] {
        guard structure.tables.contains(where: { $0.name == table }) else { return [] }
        return try ask("SELECT name, sha256 FROM \(table) WHERE state = 'applied' ORDER BY BINARY name;").map
        {
            AppliedMigration(name: $0[0], sha256: $0[1])
        }
    }

    /// - Throws: `.needsPerson` when one began and did not end.
    func recorded() throws(DeployError) -> [AppliedMigration] {
        try recorded { sql throws(DeployError) in try server.query(sql, in: database, as: .application) }
    }

    private func recorded(asking ask: MySQLSummary.Ask) throws(DeployError) -> [AppliedMigration] {
        guard try isThere() else { return [] }
        let rows = try ask("SELECT name, sha256, state FROM \(Self.table) ORDER BY BINARY name;")
        if let stuck = rows.first(where: { $0[2] == "running" }) { throw unfinished(stuck[0]) }
        return rows.filter { $0[2] == "applied" }.map { AppliedMigration(name: $0[0], sha256: $0[1]) }
    }

    func apply(_ migration: MigrationFile) throws(DeployError) {
        guard !migration.sql.utf8.contains(0) else {
            throw failure(migration, "it contains a NUL byte", "remove it from the file")
        }
        let session = try server.session(in: database, as: .application)
        try lock(session, migration)
        let begun = try server.throughOneSession(in: database) { () throws(DeployError) in
            try begin(migration, in: session)
        }
        guard case .begun(let before) = begun else { return }
        let result = session.finish(script(migration))
        guard result.succeeded, result.output.ends(with: "\(end)\n") else {
            return try settle(migration, result, before: before)
        }
    }

    private enum Beginning {
        case wasApplied
        /// What the database held, unless finding that out takes long.
        case begun(before: DatabaseSummary?)
    }

    private func begin(_ migration: MigrationFile, in session: MySQLSession) throws(DeployError) -> Beginning
    {
        let recorded = try recorded { sql throws(DeployError) in try session.ask(sql) }
        if recorded.contains(where: { $0.name == migration.name }) { return .wasApplied }
        _ = try session.ask(Self.definition)
        let before = try smallSummary()
        _ = try session.ask(mark(migration, of: try server.structure(of: database)))
        return .begun(before: before)
    }

    /// Nobody waits for long behind a statement that waits.
    ///
    /// LEAST may give a decimal, which MySQL 9 does not take.
    static let caution = "lock_wait_timeout = CAST(LEAST(@@GLOBAL.lock_wait_timeout, 60) AS UNSIGNED)"

    /// What the client prints last; the file cannot know it.
    private let end = RandomWord.make("deployctl: applied ")

    private static let definition = """
        CREATE TABLE IF NOT EXISTS \(table) (
            name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY,
            sha256 CHAR(64) CHARACTER SET ascii NOT NULL, applied_at DATETIME NOT NULL,
            state VARCHAR(10) CHARACTER SET ascii NOT NULL
        ) ENGINE = InnoDB;

        """

    private var lockName: String {
        MySQLText.literal("deployctl:\(SHA256.hexadecimal(of: database).prefix(32))")
    }

    private func lock(_ session: MySQLSession, _ migration: MigrationFile) throws(DeployError) {
        let question =
            "SELECT GET_LOCK(\(lockName), 10), IFNULL(IS_USED_LOCK(\(lockName)) = CONNECTION_ID(), 0);"
        guard try session.ask(question).first == ["1", "1"] else {
            throw failure(
                migration, "another migration runs in \(database)", "wait for its end, then run it again")
        }
    }

    /// Where some tables keep no transactions, nothing can be said of what a failure leaves.
    private func mark(_ migration: MigrationFile, of structure: MySQLStructure) -> String {
        let transactional = structure.tables.filter(\.holdsRows).allSatisfy { $0.engine == "InnoDB" }
        return """
            REPLACE INTO \(Self.table) VALUES (\(MySQLText.literal(migration.name)), '\(migration.sha256)',
                UTC_TIMESTAMP(), '\(transactional ? "pending" : "running")');
            """
    }

    /// The file runs with the server's own settings; its last statement may lack its end, which is given twice
    /// then, and a delimiter it forgets to put back is put back.
    private func script(_ migration: MigrationFile) -> String {
        """
        SET SESSION sql_mode = @@GLOBAL.sql_mode, time_zone = @@GLOBAL.time_zone,
            \(Self.caution), autocommit = 0;
        \(state("running", of: migration))
        \(migration.sql)
        \(Self.delimiter(atEndOf: migration.sql))
        DELIMITER ;
        \(state("applied", of: migration))
        COMMIT;
        SELECT '\(end)';

        """
    }

    static func delimiter(atEndOf sql: String) -> Substring {
        let last = sql.lines.last { $0.lowered.begins(with: "delimiter ") }
        return last?.words.dropFirst().first ?? ";"
    }

    private func state(_ state: String, of migration: MigrationFile) -> String {
        let (database, table) = (MySQLText.identifier(database), Self.table)
        return """
            UPDATE \(database).\(table) SET state = '\(state)', applied_at = UTC_TIMESTAMP()
                WHERE name = \(MySQLText.literal(migration.name));
            """
    }
}

extension MySQLMigrations {
    /// Finds out what became of a migration whose end was not seen.
    private func settle(
        _ migration: MigrationFile, _ result: CommandResult, before: DatabaseSummary?
    ) throws(DeployError) {
        try endConnection()
        let why =
            result.succeeded ? "its end was not reached: a comment or text is not closed" : result.complaint
        let name = MySQLText.literal(migration.name)
        let states = try server.query(
            "SELECT state FROM \(Self.table) WHERE name = \(name);", in: database, as: .application)
        if states == [["applied"]] { return }
        guard states == [["pending"]] || unchanged(since: before) else {
            let way = Self.advice(migration.name, database)
            let seen = MySQLLocks(server: server, database: database).naming(failure(migration, why, way)).why
            throw failure(migration, "\(seen)\n\(Self.leftBehind)", way).recast(as: .needsPerson)
        }
        _ = try server.query(
            "DELETE FROM \(Self.table) WHERE name = \(name);", in: database, as: .application)
        throw MySQLLocks(server: server, database: database).naming(
            failure(
                migration, "\(why); nothing of it stays",
                server.access.advice(for: why) ?? "fix the file, commit, and run it again"))
    }

    private static let leftBehind = "changes of the schema cannot be undone here, so a part of it stays"

    private static func advice(_ name: String, _ database: String) -> String {
        "restore a backup, or finish it by hand in \(database) and set its state in \(table) to 'applied', or take "
            + "back by hand what it did and delete its row there"
    }

    /// What a failed change of the schema left can be told exactly where reading everything takes no time.
    private func smallSummary() throws(DeployError) -> DatabaseSummary? {
        try server.databases.size(of: database) > 1 << 26
            ? nil : try MySQLSummary.take(of: database, on: server)
    }

    private func unchanged(since before: DatabaseSummary?) -> Bool {
        guard let before, let now = try? MySQLSummary.take(of: database, on: server) else { return false }
        return Self.withoutMarks(before) == Self.withoutMarks(now) && before.schema == now.schema
            && before.objects == now.objects
    }

    /// Its connection may still run a statement after its client is gone.
    func endConnection() throws(DeployError) {
        let holder = "SELECT IFNULL(IS_USED_LOCK(\(lockName)), 0);"
        try MySQLEviction(server: server).untilGone("the migration in \(database)") {
            () throws(DeployError) in
            try server.query(holder).first?.first.flatMap { $0 == "0" ? nil : [$0] } ?? []
        }
    }

    private static func withoutMarks(_ summary: DatabaseSummary) -> [DatabaseSummary.Table] {
        summary.tables.filter { $0.name != table }
    }

    private func isThere() throws(DeployError) -> Bool {
        let name = MySQLText.literal(database)
        // The server compares without regard to case, and `_` stands for any character.
        let found = try server.query(
            """
            SELECT schema_name, (SELECT COUNT(*) FROM information_schema.tables
                WHERE table_schema = \(name) AND table_name = '\(Self.table)')
                FROM information_schema.schemata WHERE schema_name LIKE \(name);
            """)
        guard let row = found.first(where: { $0[0] == database }) else {
            throw server.databases.missing(database)
        }
        return row[1] != "0"
    }

    private func unfinished(_ name: String) -> DeployError {
        DeployError(
            .needsPerson, what: "Migration \(name) began in \(database) and did not end",
            why: Self.leftBehind, next: Self.advice(name, database))
    }

    private func failure(_ migration: MigrationFile, _ why: String, _ next: String) -> DeployError {
        DeployError(.stepFailed, what: "Migration \(migration.name) fails", why: why, next: next)
    }
}
