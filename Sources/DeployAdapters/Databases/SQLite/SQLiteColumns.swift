import DeployCore

/// The columns of one database's tables.
struct SQLiteColumns {
    let path: String

    func list() throws(DeployError) -> [TableColumn] {
        try SQLiteFence.open(path, .readWrite).run(
            """
            SELECT s.name, c.name, c.type, c."notnull" FROM sqlite_schema AS s, pragma_table_xinfo(s.name) AS c
            WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND c.hidden <> 1
            ORDER BY s.name, c.cid
            """
        ).map { row in
            let type = [row[2].text ?? "", row[3].integer == 1 ? "NOT NULL" : ""].filter { !$0.isEmpty }
            return TableColumn(
                table: row[0].text ?? "", name: row[1].text ?? "", type: type.joined(separator: " "))
        }
    }
}
