import FoundationEssentials

/// Applies what is pending of a release's migrations to one database.
struct Migrator {
    let context: StepContext
    let release: Timestamp
    /// How long one migration, or the project's own tool, may take; nil for as long as it needs.
    var limit: Duration?

    private var database: any DatabaseMigrating {
        context.ports.databases.engine(for: context.layout, within: limit)
    }

    /// What `migrate` starts.
    static func programs(for release: Timestamp, in layout: Layout) -> [ProgramCall] {
        switch layout.environment.migrations {
        case nil: []
        case .command(let apply, let status):
            StepContext.programs(forRelease: release, [apply, status].compactMap(\.self), in: layout)
        case .directory: DatabasePrograms(layout: layout).calls(.asking)
        }
    }

    /// Names of what was applied; nil when the project's own tool did it.
    ///
    /// `check` is asked after each migration, with the number of those that are left.
    func migrate(
        _ location: DatabaseLocation, check: (MigrationFile, Int) throws(DeployError) -> Void = { _, _ in }
    ) throws(DeployError) -> [String]? {
        switch context.environment.migrations {
        case nil: return []
        case .command(let apply, _):
            try run(apply, on: location)
            return nil
        case .directory(let directory):
            let files = try MigrationFolder(files: context.ports.files)
                .read(directory, beneath: context.layout.release(release))
            let recorded = try database.appliedMigrations(location)
            let pending = try MigrationOrder.pending(files: files, recorded: recorded)
            for (number, migration) in pending.enumerated() {
                try context.checkInterruption()
                context.note(migration.name)
                try database.apply(migration, to: location)
                try check(migration, pending.count - number - 1)
            }
            return pending.map(\.name)
        }
    }

    /// Whether the project's own tool says that something is pending there; nil where it has no word for that.
    ///
    /// - Throws: when it cannot be run at all.
    func hasPending(in location: DatabaseLocation) throws(DeployError) -> Bool? {
        guard case .command(_, let status?) = context.environment.migrations else { return nil }
        do throws(DeployError) {
            try run(status, on: location)
            return false
        } catch {
            guard error.code == .stepFailed else { throw error }
            context.note("its status: \(error.why)")
            return true
        }
    }

    /// What is said where the tool ended well and its status does not agree.
    static let stillPending =
        "the migration command ended well, and migrations.status still says that something is pending"

    private func run(_ vector: [String], on location: DatabaseLocation) throws(DeployError) {
        try context.runForRelease(
            [vector], release, on: location, within: limit, because: "The migration command failed")
    }
}
