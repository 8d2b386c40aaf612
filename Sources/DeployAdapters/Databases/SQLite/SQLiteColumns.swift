import DeployCore

/// The columns of one database's tables.
struct SQLiteColumns {
    let path: String

    func list() throws(DeployError) -> [TableColumn] {
        let connection = try SQLiteFence.open(path, .readWrite)
        var found: [TableColumn] = []
        for table in try connection.tables() {
            for column in try connection.columns(of: table) {
                let type = [column.type, column.isRequired ? "NOT NULL" : ""].filter { !$0.isEmpty }
                found.append(TableColumn(table: table, name: column.name, type: type.joined(separator: " ")))
            }
        }
        return found
    }
}

/// Asked by statements: what is called like a function of SQLite's, such as `pragma_table_info`, may be a table of the
/// application.
extension SQLiteConnection {
    struct Column {
        var name: String
        var type: String
        var isRequired: Bool
        /// Its place in the primary key, from 1; 0 outside of it.
        var keyPlace: Int64
    }

    /// Names of the application's tables, in order; `stored`: without the virtual ones.
    func tables(in schema: String = "main", stored: Bool = false) throws(DeployError) -> [String] {
        try run(
            """
            SELECT name FROM \(schema).sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            \(stored ? "AND upper(sql) NOT LIKE 'CREATE VIRTUAL%'" : "") ORDER BY name
            """
        ).compactMap { $0[0].text }
    }

    /// Those that a statement may name, in order.
    func columns(of table: String, in schema: String = "main") throws(DeployError) -> [Column] {
        try run("PRAGMA \(schema).table_xinfo(\(SQLiteText.identifier(table)))")
            .filter { $0[6].integer != 1 }
            .compactMap { row in
                row[1].text.map {
                    Column(
                        name: $0, type: row[2].text ?? "", isRequired: row[3].integer == 1,
                        keyPlace: row[5].integer ?? 0)
                }
            }
    }
}
