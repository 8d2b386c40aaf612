import DeployCore

/// Copies one snapshot by SQLite's online backup.
///
/// 1. A read in a transaction on the source fixes the snapshot.
/// 2. The backup copies all pages in one call through the same connection.
/// 3. The copy leaves WAL mode, so that it is one file.
/// 4. While it is packed and synced, tables are counted and hashed in the snapshot.
struct SQLiteBackup {
    let path: String
    let payload: SQLitePayload

    func take(readingBack: Bool) throws(DeployError) -> DatabaseSnapshot {
        let plain = SQLiteFile(path: payload.plain)
        defer { plain.discard() }
        plain.discard()
        let (packing, size, found) = try snapshot(to: plain, readingBack)
        var snapshot = found
        snapshot.unpacked = size
        snapshot.payload = try packing.value()
        return snapshot
    }

    /// The snapshot ends before the packing does: it may keep others from writing.
    private func snapshot(to plain: SQLiteFile, _ readingBack: Bool) throws(DeployError) -> (
        packing: WorkBeside<FileDigest>, size: Int64, DatabaseSnapshot
    ) {
        let source = try SQLiteFence.open(path, .readWrite)
        return try source.transaction("BEGIN") { () throws(DeployError) in
            // The copying alone would read in a transaction of its own, which ends with it.
            try source.run("SELECT count(*) FROM sqlite_schema")
            try SQLiteCopy.pages(of: source, to: plain)
            let packing = WorkBeside { [payload] () throws(DeployError) in
                try payload.pack(readingBack: readingBack)
            }
            let snapshot = DatabaseSnapshot(
                summary: try SQLiteSummary(source).summarise(),
                migrations: try SQLiteMigrations.recorded(source),
                versions: ["sqlite": SQLiteStateStore.libraryVersion])
            return (packing, plain.size, snapshot)
        }
    }
}
