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
    /// Why the rows of now can be neither counted nor saved; nil where they can.
    var unread: UnreadData?

    /// What is lost beyond another loss, in words.
    func beyond(_ other: RollbackLoss) -> String {
        let kinds = [
            ("table", tables, other.tables), ("folder", folders, other.folders),
            ("migration", migrations, other.migrations),
        ]
        let named = kinds.flatMap { kind, mine, theirs in
            mine.filter { !theirs.contains($0) }.map { "\(kind) \($0)" }
        }
        let whole = unread == other.unread ? nil : unread.map { "the database, which is \($0.rawValue)" }
        return (named + [whole].compactMap(\.self)).joined(separator: ", ")
    }
}
