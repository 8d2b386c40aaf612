import DeployCore

/// Pages that the state's file holds beyond what is in use, so that a full disk is still told of and kept on record.
///
/// The journal stays between transactions and is written over, so that a small one needs no room besides.
struct StateReserve {
    let connection: SQLiteConnection

    /// Fewer than this are made up for.
    private static let fewest: Int64 = 32
    private static let bytes = 256 << 10

    /// Where the disk has no room any more, what is left has to do; where another program writes, the next time will.
    func keep() { connection.withoutWaiting(grow) }

    private func grow() {
        guard let row = try? connection.run("PRAGMA freelist_count").first, let free = row.first?.integer,
            free < Self.fewest
        else { return }
        try? connection.transaction { () throws(DeployError) in
            try connection.execute(
                "CREATE TABLE reserve (bytes BLOB); INSERT INTO reserve VALUES (zeroblob(\(Self.bytes))); DROP TABLE reserve;"
            )
        }
    }
}
