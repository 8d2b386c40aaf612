/// Brings the database to the release's schema.
struct Migrate: StepWork {
    static let id = "migrate"
    var release: Timestamp
    var location: DatabaseLocation
    /// Names recorded in the live database when the plan was made; nil for a database nothing serves from yet.
    var recorded: [String]?
    /// What is known to be pending, for the plan's reader; nil before the release is built.
    var pending: [String]?

    var title: String {
        guard let pending, !pending.isEmpty else { return "Migrate the database" }
        return "Migrate the database: \(pending.joined(separator: ", "))"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        Migrator.programs(for: release, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let migrator = Migrator(context: context, release: release)
        let applied = try migrator.migrate(location)
        guard let applied else {
            let hasPending = try migrator.hasPending(in: location)
            try ReleaseSeal(context.site).recordAdditions(of: release)
            if hasPending == true { context.findings.warn(Migrator.stillPending) }
            return "the project's own tool ran" + (hasPending == false ? ", nothing is pending" : "")
        }
        return applied.isEmpty ? "nothing pending" : Self.applied + applied.joined(separator: ", ")
    }

    private static let applied = "applied "

    /// Whether `note`, which it left, names files of the release's folder.
    static func hasApplied(_ note: String) -> Bool { note.begins(with: applied) }

    func undo(in context: StepContext) throws(DeployError) {
        guard case .command = context.environment.migrations else { return }
        try context.environment.serviceRuntime.endCommands(in: context)
    }

    func trace(in context: StepContext) -> String? {
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
