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
        case .command(let apply, _): StepContext.programs(forRelease: release, [apply], in: layout)
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

    private func run(_ vector: [String], on location: DatabaseLocation) throws(DeployError) {
        try context.runForRelease(
            [vector], release, on: location, within: limit, because: "The migration command failed")
    }
}
