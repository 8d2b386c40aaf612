import DeployCore

/// Copies one snapshot by SQLite's online backup.
///
/// 1. A read transaction on the source fixes the snapshot.
/// 2. Tables are counted and hashed inside it.
/// 3. The backup copies all pages in one call through the same connection.
/// 4. The copy leaves WAL mode, so that it is one file.
/// 5. When the snapshot is let go, the copy is packed, read back and synced.
struct SQLiteBackup {
    let path: String
    let payload: SQLitePayload

    func take() throws(DeployError) -> DatabaseSnapshot {
        let plain = SQLiteFile(path: payload.plain)
        defer { plain.discard() }
        var snapshot = try snapshot(to: plain)
        snapshot.unpacked = plain.size
        try payload.pack()
        return snapshot
    }

    private func snapshot(to plain: SQLiteFile) throws(DeployError) -> DatabaseSnapshot {
        plain.discard()
        let source = try SQLiteFence.open(path, .readWrite)
        return try source.transaction("BEGIN") { () throws(DeployError) in
            let summary = try SQLiteSummary(source).summarise()
            try SQLiteCopy.pages(of: source, to: plain)
            return DatabaseSnapshot(
                summary: summary, migrations: try SQLiteMigrations.recorded(source),
                versions: ["sqlite": SQLiteStateStore.libraryVersion])
        }
    }
}
