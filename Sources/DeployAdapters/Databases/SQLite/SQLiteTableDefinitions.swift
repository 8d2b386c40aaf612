import DeployCore

/// What the schema says of each table, its indexes and triggers.
struct SQLiteTableDefinitions {
    let path: String

    func list() throws(DeployError) -> [(table: String, text: String)] {
        try SQLiteFence.open(path, .readWrite).run(
            "SELECT tbl_name, coalesce(sql, '') FROM main.sqlite_schema WHERE tbl_name IS NOT NULL ORDER BY type, name"
        ).map { ($0[0].text ?? "", $0[1].text ?? "") }
    }
}
