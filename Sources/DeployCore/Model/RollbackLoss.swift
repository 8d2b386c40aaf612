/// What a rollback takes away, by name.
///
/// A plan's id covers these names, so that nobody agrees to losing what was not shown. How many rows each loses is
/// left out: under live traffic that changes while a person reads.
struct RollbackLoss: Hashable, Codable, Sendable {
    /// Tables with rows that are not in the backup, or are other ones there.
    var tables: [String] = []
    var folders: [String] = []
    /// Migrations that are undone.
    var migrations: [String] = []

    /// What is lost beyond another loss, in words.
    func beyond(_ other: RollbackLoss) -> String {
        let kinds = [
            ("table", tables, other.tables), ("folder", folders, other.folders),
            ("migration", migrations, other.migrations),
        ]
        return kinds.flatMap { kind, mine, theirs in
            mine.filter { !theirs.contains($0) }.map { "\(kind) \($0)" }
        }.joined(separator: ", ")
    }
}
