import FoundationEssentials

/// Applies what is pending of a release's migrations to one database.
struct Migrator {
    let context: StepContext
    let release: Timestamp
    /// How long one migration, or the project's own tool, may take; nil for as long as it needs.
    var limit: Duration?

    private var database: any ApplicationDatabase {
        context.ports.databases.engine(for: context.layout, within: limit)
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
            let folder = "\(context.layout.release(release))/\(directory)"
            let files = try MigrationFolder(files: context.ports.files).read(folder)
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
        guard let command = Command(vector: vector) else { return }
        try context.runForRelease(
            [command], release, on: location, within: limit, because: "The migration command failed")
    }
}

/// Reads a folder of `.sql` migrations in order of their names.
public struct MigrationFolder: Sendable {
    let files: any FileStore

    public init(files: any FileStore) { self.files = files }

    /// The `.sql` files of a folder in byte order of their names.
    public func read(_ folder: String) throws(DeployError) -> [MigrationFile] {
        var found: [MigrationFile] = []
        for name in files.names(in: folder) where name.hasSuffix(".sql") && !name.hasPrefix(".") {
            guard let data = try files.read("\(folder)/\(name)") else { continue }
            found.append(MigrationFile(name: name, sql: String(decoding: data, as: UTF8.self)))
        }
        return found
    }
}

/// Decides what is pending; pure.
public enum MigrationOrder {
    /// - Throws: `.stepFailed` when an applied migration was edited or removed, or a new one sorts
    ///   before one that is applied.
    public static func pending(
        files: [MigrationFile], recorded: [AppliedMigration]
    ) throws(DeployError) -> [MigrationFile] {
        let byName = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        for applied in recorded {
            guard let file = byName[applied.name] else {
                throw refusal(
                    "\(applied.name) is recorded in the database but not in the release",
                    next: "deploy a release that has it, or roll the data back with deployctl rollback")
            }
            guard file.sha256 == applied.sha256 else {
                throw refusal(
                    "\(applied.name) was changed after it was applied",
                    next: "restore the file, add a new migration")
            }
        }
        let names = Set(recorded.map(\.name))
        let pending = files.filter { !names.contains($0.name) }
        if let last = recorded.map(\.name).max(), let early = pending.first(where: { $0.name < last }) {
            throw refusal(
                "\(early.name) sorts before \(last), which is applied already",
                next: "rename it so that it comes last")
        }
        return pending
    }

    private static func refusal(_ why: String, next: String) -> DeployError {
        DeployError(.stepFailed, what: "The migrations do not fit the database", why: why, next: next)
    }
}
