/// Brings the database to the release's schema.
public struct Migrate: StepWork {
    public static let id = "migrate"
    public var release: Timestamp
    public var location: DatabaseLocation
    /// Names recorded in the live database when the plan was made; nil for a database nothing serves from yet.
    public var recorded: [String]?
    /// What is known to be pending, for the plan's reader; nil before the release is built.
    public var pending: [String]?

    public init(release: Timestamp, location: DatabaseLocation, recorded: [String]?, pending: [String]?) {
        self.release = release
        self.location = location
        self.recorded = recorded
        self.pending = pending
    }

    public var title: String {
        guard let pending, !pending.isEmpty else { return "Migrate the database" }
        return "Migrate the database: \(pending.joined(separator: ", "))"
    }

    public func programs(in layout: Layout) -> [ProgramCall] {
        Migrator.programs(for: release, in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let applied = try Migrator(context: context, release: release).migrate(location)
        guard let applied else { return "the project's own tool ran" }
        return applied.isEmpty ? "nothing pending" : "applied \(applied.joined(separator: ", "))"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        guard case .command = context.environment.migrations else { return }
        try context.environment.serviceRuntime.endCommands(in: context)
    }

    public func trace(in context: StepContext) -> String? {
        guard let recorded else { return nil }
        if case .command = context.environment.migrations { return "the project's migration command ran" }
        if (try? context.database.exists(location)) == false { return nil }
        guard let now = try? context.database.appliedMigrations(location) else {
            return "the database cannot be read to see which migrations were applied"
        }
        let added = now.map(\.name).filter { !recorded.contains($0) }
        return added.isEmpty ? nil : "applied migrations stay: \(added.joined(separator: ", "))"
    }
}
