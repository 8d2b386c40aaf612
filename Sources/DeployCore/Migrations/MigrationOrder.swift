import FoundationEssentials

/// Decides what is pending; pure.
enum MigrationOrder {
    /// - Throws: `.stepFailed` when an applied migration was edited or removed, or a new one sorts
    ///   before one that is applied.
    static func pending(
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
