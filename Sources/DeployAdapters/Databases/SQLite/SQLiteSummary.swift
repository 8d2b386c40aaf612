import CSQLite
import DeployCore

/// Counts and hashes what is in one SQLite database.
struct SQLiteSummary {
    let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) { self.connection = connection }

    static func take(of path: String) throws(DeployError) -> DatabaseSummary {
        let connection = try SQLiteFence.open(path, .readWrite)
        return try connection.transaction("BEGIN") { () throws(DeployError) in
            try SQLiteSummary(connection).summarise()
        }
    }

    func summarise() throws(DeployError) -> DatabaseSummary {
        let schema = try connection.run(
            "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
        )
        var objects: [String: Int] = [:]
        for row in schema where row[0].text != "table" { objects[row[0].text ?? "", default: 0] += 1 }
        var tables: [DatabaseSummary.Table] = []
        for row in schema where row[0].text == "table" {
            tables.append(try table(row[1].text ?? "", sql: row[2].text ?? ""))
        }
        let text = schema.map { $0.map { $0.text ?? "" }.joined(separator: "\u{1f}") }.joined(
            separator: "\u{1e}")
        let sequences = try sequences()
        let version = try connection.run("PRAGMA user_version").first?.first?.integer ?? 0
        return DatabaseSummary(
            engine: "sqlite \(String(cString: sqlite3_libversion()))", tables: tables, objects: objects,
            schema: SHA256.hexadecimal(of: "\(version)\u{1e}\(text)\u{1e}\(sequences)"))
    }

    /// Where AUTOINCREMENT goes on: part of what a copy must have, though no table of the application.
    private func sequences() throws(DeployError) -> String {
        guard try !connection.run("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").isEmpty else {
            return ""
        }
        return try connection.run(
            "SELECT quote(name) || '=' || quote(seq) FROM sqlite_sequence ORDER BY rowid"
        )
        .compactMap { $0[0].text }.joined(separator: "\u{1e}")
    }

    /// Virtual tables are represented by the shadow tables that store their rows.
    private func table(_ name: String, sql: String) throws(DeployError) -> DatabaseSummary.Table {
        guard !sql.uppered.begins(with: "CREATE VIRTUAL") else {
            return DatabaseSummary.Table(name: name, rows: 0, digest: "")
        }
        let known = try connection.columns(of: name)
        let columns = known.map { SQLiteText.identifier($0.name) }
        let rowid = try hasRowid(name, known) ? "rowid, " : ""
        let keys = orderKeys(known, hasRowid: !rowid.isEmpty)
        let statement = try connection.prepare(
            "SELECT \(rowid)\(columns.joined(separator: ", ")) FROM main.\(SQLiteText.identifier(name)) ORDER BY \(keys)"
        )
        var hash = SHA256()
        var rows: Int64 = 0
        while try statement.step() {
            rows += 1
            for column in 0..<statement.columnCount { absorb(column, of: statement, into: &hash) }
        }
        return DatabaseSummary.Table(name: name, rows: rows, digest: hash.hexadecimal())
    }

    /// Type and length before each value, so that neighbours cannot be confused.
    private func absorb(_ column: Int32, of statement: SQLiteStatement, into hash: inout SHA256) {
        let type = sqlite3_column_type(statement.handle, column)
        var head: (Int64, Int64) = (Int64(type), 0)
        switch type {
        case SQLITE_INTEGER: head.1 = sqlite3_column_int64(statement.handle, column)
        case SQLITE_FLOAT:
            head.1 = Int64(bitPattern: sqlite3_column_double(statement.handle, column).bitPattern)
        case SQLITE_TEXT, SQLITE_BLOB:
            let bytes = statement.bytes(column)
            head.1 = Int64(bytes.count)
            withUnsafeBytes(of: head) { hash.update($0) }
            return hash.update(bytes)
        default: break
        }
        withUnsafeBytes(of: head) { hash.update($0) }
    }

    private func hasRowid(_ name: String, _ columns: [SQLiteConnection.Column]) throws(DeployError) -> Bool {
        let listed = try connection.run("PRAGMA main.table_list(\(SQLiteText.identifier(name)))")
        guard !listed.contains(where: { $0[1].text == name && $0[4].integer == 1 }) else { return false }
        return !columns.contains { $0.name.lowered == "rowid" }
    }

    private func orderKeys(_ columns: [SQLiteConnection.Column], hasRowid: Bool) -> String {
        if hasRowid { return "rowid" }
        let keys = columns.filter { $0.keyPlace > 0 }.sorted { $0.keyPlace < $1.keyPlace }
        return keys.isEmpty ? "1" : keys.map { SQLiteText.identifier($0.name) }.joined(separator: ", ")
    }
}
