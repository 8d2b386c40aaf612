/// The live database while a project's own tool is to work on a copy: a tool that finds its database elsewhere than in
/// what it is given works on the live one.
struct LiveDatabase {
    private let context: StepContext
    private let location: DatabaseLocation
    private let before: Definitions

    private enum Definitions {
        case columns([TableColumn])
        /// Hash of the schema, as a backup has it.
        case schema(String)
    }

    /// As it is now; nil where the tool is deployctl's own, which is told where to work.
    init?(_ context: StepContext) throws(DeployError) {
        guard let location = Self.location(in: context) else { return nil }
        self.init(context, location, .columns(try context.database.columns(of: location)))
    }

    /// As it was when the backup was taken; nil as above, and once the live database was to be migrated.
    init?(_ context: StepContext, asBackedUp backup: Timestamp) throws(DeployError) {
        let begun = try context.ports.state.steps(of: context.plan.timestamp)
        guard let location = Self.location(in: context), !begun.contains(where: { $0.step == Migrate.id }),
            let part = try context.backupReader.manifest(
                in: context.layout.backup(backup), recorded: try context.recorded(backup).sha256
            ).database
        else { return nil }
        self.init(context, location, .schema(part.summary.schema))
    }

    private init(_ context: StepContext, _ location: DatabaseLocation, _ before: Definitions) {
        self.context = context
        self.location = location
        self.before = before
    }

    private static func location(in context: StepContext) -> DatabaseLocation? {
        guard case .command = context.environment.migrations else { return nil }
        return context.plan.steps.lazy.compactMap { ($0.work as? Migrate)?.location }.first
    }

    /// What became of it, in words; nil when nothing did, and where it cannot be looked at.
    var change: String? {
        let isChanged =
            switch before {
            case .columns(let columns): (try? context.database.columns(of: location)).map { $0 != columns }
            case .schema(let schema): (try? context.database.summarise(location)).map { $0.schema != schema }
            }
        return isChanged == true
            ? "the live database changed in the rehearsal: the migration command does not use the database it is given"
            : nil
    }

    /// - Throws: `.stepFailed` when it is not as it was.
    func refuseChange() throws(DeployError) {
        guard let change else { return }
        throw DeployError(
            .stepFailed, what: "The rehearsal did not stay in its copy", why: change,
            next: "let the command use DATABASE_URL or DATABASE_NAME, and look at the live database")
    }
}
