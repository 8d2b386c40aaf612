import DeployCore

/// Packs one snapshot, and counts and hashes its tables meanwhile.
///
/// A read transaction on the source fixes the snapshot. Where the source's file holds just that, it is packed as it is. Otherwise
/// SQLite's online backup makes a copy through the same connection, which leaves WAL mode and is one file.
struct SQLiteBackup {
    let path: String
    let payload: SQLitePayload
    let readingBack: Bool

    func take() throws(DeployError) -> DatabaseSnapshot {
        var snapshot = if let found = try asItIs() { found } else { try copied() }
        snapshot.payload = try payload.settle()
        return snapshot
    }

    /// nil where the file does not hold still, or is not packed soon: a transaction may keep others from writing.
    private func asItIs() throws(DeployError) -> DatabaseSnapshot? {
        let source = try SQLiteFence.open(path, .readWrite)
        return try source.transaction("BEGIN") { () throws(DeployError) in
            guard try SQLiteStillFile(reader: source).isHeld() else { return nil }
            let size = SQLiteFile(path: path).bytes
            let packing = begin(path, within: Self.patience + .seconds(size / Self.leastPerSecond))
            let snapshot = try summary(of: source, size)
            return (try? packing.value()) == nil ? nil : snapshot
        }
    }

    /// How long others wait at most for what can be waited for no longer.
    private static let (patience, leastPerSecond): (Duration, Int64) = (.seconds(30), 10_000_000)

    /// The snapshot ends before the copy is packed.
    private func copied() throws(DeployError) -> DatabaseSnapshot {
        let plain = SQLiteFile(path: payload.plain)
        defer { plain.discard() }
        plain.discard()
        let source = try SQLiteFence.open(path, .readWrite)
        let (packing, snapshot) = try source.transaction("BEGIN") { () throws(DeployError) in
            try SQLiteCopy.pages(of: source, to: plain)
            let packing = begin(plain.path, within: payload.deadline)
            return (packing, try summary(of: source, plain.bytes))
        }
        try packing.value()
        return snapshot
    }

    private func begin(_ file: String, within limit: Duration) -> WorkBeside<Void> {
        WorkBeside { [payload, readingBack] () throws(DeployError) in
            try payload.limited(to: limit).pack(file, readingBack: readingBack)
        }
    }

    private func summary(of source: SQLiteConnection, _ size: Int64) throws(DeployError) -> DatabaseSnapshot {
        DatabaseSnapshot(
            summary: try SQLiteSummary(source).summarise(), migrations: try SQLiteMigrations.recorded(source),
            versions: ["sqlite": SQLiteStateStore.libraryVersion], unpacked: size)
    }
}
