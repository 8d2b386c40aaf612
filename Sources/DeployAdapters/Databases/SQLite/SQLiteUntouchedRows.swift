import DeployCore

/// Rows that a copy of a copy need not have.
struct SQLiteUntouchedRows {
    let path: String

    /// Empties these tables and gives back their room; one with triggers stays as it is, and what others keep their rows in.
    func remove(from tables: [String]) throws(DeployError) {
        let connection = try SQLiteFence.open(path, .readWrite)
        try connection.execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
        let plain = Set(
            try connection.run("PRAGMA main.table_list").filter { $0[2].text == "table" }
                .compactMap { $0[1].text.map(ByteText.init) })
        let watched = Set(
            try connection.run("SELECT tbl_name FROM main.sqlite_schema WHERE type = 'trigger'")
                .compactMap { $0[0].text.map(ByteText.init) })
        let emptied = tables.filter { plain.subtracting(watched).contains(ByteText($0)) }
        guard !emptied.isEmpty else { return }
        for table in emptied { try connection.execute("DELETE FROM main.\(SQLiteText.identifier(table))") }
        try connection.execute("VACUUM")
    }
}

/// What the schema says of each table, its indexes and triggers.
struct SQLiteTableDefinitions {
    let path: String

    func list() throws(DeployError) -> [(table: String, text: String)] {
        try SQLiteFence.open(path, .readWrite).run(
            "SELECT tbl_name, coalesce(sql, '') FROM main.sqlite_schema WHERE tbl_name IS NOT NULL ORDER BY type, name"
        ).map { ($0[0].text ?? "", $0[1].text ?? "") }
    }
}
