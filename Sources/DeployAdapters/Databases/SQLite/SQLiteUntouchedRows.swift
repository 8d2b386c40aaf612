import CSQLite
import DeployCore

/// Rows that a copy of a copy need not have.
struct SQLiteUntouchedRows {
    let path: String

    /// Empties these tables and gives back their room; one with triggers stays as it is, and what others keep their rows in.
    ///
    /// So does one that needs something of the application's, such as a collation: it can be copied nevertheless.
    func remove(from tables: [String]) throws(DeployError) {
        let connection = try SQLiteFence.open(path, .readWrite)
        try connection.execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
        try leaveNothingToGoBackTo(on: connection)
        let plain = Set(
            try connection.run("PRAGMA main.table_list").filter { $0[2].text == "table" }
                .compactMap { $0[1].text.map(ByteText.init) })
        let watched = Set(
            try connection.run("SELECT tbl_name FROM main.sqlite_schema WHERE type = 'trigger'")
                .compactMap { $0[0].text.map(ByteText.init) })
        let emptied = tables.filter { plain.subtracting(watched).contains(ByteText($0)) }
        guard !emptied.isEmpty else { return }
        for table in emptied { try? connection.execute("DELETE FROM main.\(SQLiteText.identifier(table))") }
        try? connection.execute("VACUUM")
    }

    /// Writing down all pages first would take as long as copying the rows; whoever is interrupted has another copy made.
    private func leaveNothingToGoBackTo(on connection: SQLiteConnection) throws(DeployError) {
        csqlite_configure(connection.handle, SQLITE_DBCONFIG_DEFENSIVE, 0)
        defer { csqlite_configure(connection.handle, SQLITE_DBCONFIG_DEFENSIVE, 1) }
        try connection.execute("PRAGMA journal_mode = OFF")
    }
}
