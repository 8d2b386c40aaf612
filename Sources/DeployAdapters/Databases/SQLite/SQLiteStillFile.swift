import CSQLite
import DeployCore
import Glibc

/// A database's file while it holds the very snapshot that a transaction reads: nothing is written to it before that ends.
///
/// With a rollback journal a reader keeps everybody from writing to the file. With a WAL a snapshot that begins when the file
/// holds all of it is read from the file alone, and keeps checkpoints away. So for a moment nobody may write, what the WAL
/// still has is brought to the file, and the snapshot begins.
///
/// This process must not open the file meanwhile: closing it would end SQLite's own locks.
struct SQLiteStillFile {
    /// Has a transaction that read nothing yet.
    let reader: SQLiteConnection

    /// Begins the snapshot; false where its file does not hold it: somebody else writes for long, or reads what is older.
    func isHeld() throws(DeployError) -> Bool {
        let isHeld = (try? begin()) ?? false
        try read()
        return isHeld && isWhole
    }

    private func begin() throws(DeployError) -> Bool {
        let writer = try SQLiteFence.open(reader.path, .readWrite)
        let isLogged = try writer.run("PRAGMA journal_mode").first?.first?.text == "wal"
        // The most of it, while others write.
        if isLogged { _ = try isCheckpointed(writer) }
        try writer.execute("PRAGMA busy_timeout = \(Self.patience)")
        try writer.execute("BEGIN IMMEDIATE")
        defer { try? writer.execute("ROLLBACK") }
        if isLogged, try !isCheckpointed(SQLiteFence.open(reader.path, .readWrite)) { return false }
        try read()
        return true
    }

    /// Milliseconds for which a writer is waited for.
    private static let patience = 500

    private func isCheckpointed(_ connection: SQLiteConnection) throws(DeployError) -> Bool {
        let counts = try connection.run("PRAGMA wal_checkpoint(PASSIVE)").first?.compactMap(\.integer) ?? []
        return counts.count == 3 && counts[0] == 0 && counts[1] == counts[2]
    }

    private func read() throws(DeployError) { try reader.run("SELECT count(*) FROM sqlite_schema") }

    /// Whether the file has the pages of the snapshot and no more.
    private var isWhole: Bool {
        var info = stat()
        guard stat(reader.path, &info) == 0, info.st_size > 0,
            let pages = try? reader.run("PRAGMA page_count").first?.first?.integer,
            let size = try? reader.run("PRAGMA page_size").first?.first?.integer
        else { return false }
        return pages * size == Int64(info.st_size)
    }
}
