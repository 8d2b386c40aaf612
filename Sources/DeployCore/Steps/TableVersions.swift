/// How the tables of one database are defined at one moment.
struct TableVersions {
    let columns: [TableColumn]
    private let texts: [ByteText: [String]]

    init(of location: DatabaseLocation, in database: any DatabaseCopying) throws(DeployError) {
        columns = try database.columns(of: location)
        var texts: [ByteText: [String]] = [:]
        for (table, text) in try database.definitions(of: location) {
            texts[ByteText(table), default: []].append(text)
        }
        for column in columns {
            texts[ByteText(column.table), default: []].append("\(column.name)\0\(column.type)")
        }
        self.texts = texts
    }

    /// Names of the tables that are defined as they were in `earlier`, and whose rows are those of `before`.
    func untouched(
        since earlier: TableVersions, _ rows: [DatabaseSummary.Table], before: [DatabaseSummary.Table]
    ) -> [String] {
        let known = Dictionary(before.map { (ByteText($0.name), $0) }) { first, _ in first }
        return rows.filter { table in
            let name = ByteText(table.name)
            guard let then = known[name], let text = texts[name], let before = earlier.texts[name] else {
                return false
            }
            return table.rows == then.rows && table.digest == then.digest
                && text.elementsEqual(before) { $0 == $1 }
        }.map(\.name)
    }
}
