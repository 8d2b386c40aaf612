import DeployCore

/// Waits, holding all writes, until a dump has its snapshot; then takes the same one and lets writes go on.
///
/// Rows are read as the application's user: a view may take the place of a table at any time.
final class MySQLDumpObserver {
    private var holder: MySQLSession?
    private let reader: MySQLSession
    private let database: String
    private let place: MySQLEventPlace
    private let limit: Int64
    private var result: Result<(MySQLSummary, [AppliedMigration]), DeployError>?
    private var asked: MySQLSession?

    init(
        _ holder: MySQLSession, _ reader: MySQLSession, of database: String, _ place: MySQLEventPlace,
        limit: Duration
    ) {
        (self.holder, self.reader) = (holder, reader)
        (self.database, self.place) = (database, place)
        self.limit = monotonicNow() + limit.nanoseconds
    }

    /// Whether writes went on before the dump had its snapshot.
    private(set) var isLate = false

    /// The dump says that it starts a transaction, and whatever it says next it says inside it.
    ///
    /// No once it is too late, so that a dump that hangs holds nobody up.
    func look(at words: String) -> Bool {
        guard let holder else { return !isLate }
        if words.holds("-- Starting transaction...\n-- ") {
            self.holder = nil
            result = Result { () throws(DeployError) in try observe(holder) }
        } else if monotonicNow() > limit {
            isLate = true
            self.holder = nil
        }
        return !isLate
    }

    private func observe(_ session: MySQLSession) throws(DeployError) -> (MySQLSummary, [AppliedMigration]) {
        _ = try reader.ask("START TRANSACTION WITH CONSISTENT SNAPSHOT;")
        _ = try session.ask("UNLOCK TABLES;")
        let summary = try MySQLSummary(of: database, place) { sql throws(DeployError) in
            try session.ask(sql)
        }
        let migrations = try MySQLMigrations.applied(summary.structure) { sql throws(DeployError) in
            try reader.ask(sql)
        }
        reader.send(summary.question)
        asked = reader
        return (summary, migrations)
    }

    func observation() throws(DeployError) -> (DatabaseSummary, [AppliedMigration], MySQLStructure) {
        guard let result, let asked else {
            if case .failure(let error) = result { throw error }
            throw DeployError(
                .backupFailed, what: "Database \(database) cannot be dumped",
                why: "the dump ended without saying when it started", next: "run it again")
        }
        let (summary, migrations) = try result.get()
        return (try summary.summary(try asked.answer()), migrations, summary.structure)
    }
}
