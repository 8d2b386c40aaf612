/// The live database while a project's own tool is to work on a copy: a tool that finds its database elsewhere than in
/// what it is given works on the live one.
struct LiveDatabase {
    private let context: StepContext
    private let location: DatabaseLocation
    private let before: Definitions
    /// Whether nothing served from it and no table of it held a row when the backup was taken.
    private let hadNothingToLose: Bool

    private enum Definitions {
        case columns([TableColumn])
        /// As a backup has it; of rows only those count that no application writes.
        case summary(DatabaseSummary)
    }

    /// As it is now; nil where the tool is deployctl's own, which is told where to work.
    ///
    /// `part`: what the backup holds of it.
    init?(_ context: StepContext, backedUp part: BackupManifest.Database) throws(DeployError) {
        guard let location = Self.location(in: context) else { return nil }
        self.init(context, location, part, .columns(try context.database.columns(of: location)))
    }

    /// As it was when the backup was taken; nil as above, and once the live database was to be migrated.
    init?(_ context: StepContext, asBackedUp backup: Timestamp) throws(DeployError) {
        let begun = try context.ports.state.steps(of: context.plan.timestamp)
        guard let location = Self.location(in: context), !begun.contains(where: { $0.step == Migrate.id }),
            let part = try context.backupReader.manifest(
                in: context.layout.backup(backup), recorded: try context.recorded(backup).sha256
            ).database
        else { return nil }
        self.init(context, location, part, .summary(part.summary))
    }

    private init(
        _ context: StepContext, _ location: DatabaseLocation, _ part: BackupManifest.Database,
        _ before: Definitions
    ) {
        self.context = context
        self.location = location
        self.before = before
        hadNothingToLose =
            context.plan.previousRelease == nil && part.summary.tables.allSatisfy { $0.rows == 0 }
    }

    /// Where a migration tool keeps what it applied; an application writes nothing there.
    private static func isBookkeeping(_ table: DatabaseSummary.Table) -> Bool {
        let name = table.name.lowered
        return ["migration", "version", "changelog", "schema_history", "sequelizemeta"].contains {
            name.holds($0)
        }
    }

    private static func location(in context: StepContext) -> DatabaseLocation? {
        guard case .command = context.environment.migrations else { return nil }
        return context.plan.steps.lazy.compactMap { ($0.work as? Migrate)?.location }.first
    }

    private enum Seen { case unchanged, changed, unreadable }

    private var seen: Seen {
        let isSame: Bool? =
            switch before {
            case .columns(let columns): (try? context.database.columns(of: location)).map { $0 == columns }
            case .summary(let before):
                (try? context.database.summarise(location)).map { now in
                    now.schema == before.schema
                        && now.tables.filter(Self.isBookkeeping) == before.tables.filter(Self.isBookkeeping)
                }
            }
        return isSame.map { $0 ? .unchanged : .changed } ?? .unreadable
    }

    /// The tool says that it did its work, and the copy that it was given is as it was.
    static let strayed = DeployError(
        .stepFailed, what: "The rehearsal did not stay in its copy",
        why:
            "migrations.status said that something was pending, the command ended well, status says that nothing is, and "
            + "no row of the copy changed: the command does not use the database it is given",
        next: "let the command use \(places), and look at the rows of the live database")

    /// What became of it, in words; nil when nothing did, and where it cannot be looked at.
    var change: String? {
        seen == .changed
            ? "the live database changed in the rehearsal: the migration command does not use the database it is given"
            : nil
    }

    /// What may be said of it beside a failure: only its tables and columns were compared.
    var standing: String {
        switch seen {
        case .unchanged: "the live database has the tables and columns it had"
        case .changed: "the live database changed in the rehearsal"
        case .unreadable: "whether the live database changed cannot be seen: it cannot be read"
        }
    }

    /// - Parameter failure: what the tool ended with; nil when it ended well.
    /// - Returns: a warning where it changed and had nothing to lose, as before a first release; nil when it is as it was.
    /// - Throws: `.stepFailed` when it is not as it was.
    func warningOfChange(after failure: DeployError? = nil) throws(DeployError) -> String? {
        guard let change else { return nil }
        if hadNothingToLose, failure == nil { return warning }
        throw DeployError(
            .stepFailed, what: "The rehearsal did not stay in its copy",
            why: ([change] + [failure?.why].compactMap(\.self)).joined(separator: "\n"),
            next: "let the command use \(Self.places), and look at the live database")
    }

    private static let places = "DATABASE_URL or DATABASE_NAME"

    private var warning: String {
        let command =
            if case .command(let apply, _) = context.environment.migrations {
                apply.joined(separator: " ")
            } else { "" }
        return
            "\(command) does not use the database it is given: in the rehearsal it worked on the live one. Nothing was "
            + "lost, as no table there held a row. From the next promotion on this is refused, and what it did by then stays: "
            + "let it use \(Self.places)"
    }
}

extension LiveDatabase? {
    /// What may be said of the live database beside a failure.
    var standing: String { self?.standing ?? "the live database was not touched" }
}
