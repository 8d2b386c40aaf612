import DeployCore

/// Compares two files through one connection that has both open.
///
/// What is text is decided by each value, since a column of SQLite may hold anything.
struct SQLiteMasking {
    private let connection: SQLiteConnection

    init(masked: String, original: String) throws(DeployError) {
        for path in [original, masked] where !SQLiteFile(path: path).isThere {
            throw DeployError(
                .stepFailed, what: "There is no database \(path)", why: "it cannot be compared",
                next: "run deployctl staging again")
        }
        connection = try SQLiteFence.open(masked, .readWrite)
        try connection.run("ATTACH ? AS original", [.text(original)])
    }

    func compare(_ columns: [ColumnName]) throws(DeployError) -> MaskingProof {
        let scope = try MaskingScope(
            of: columns, original: stored(in: "original"), masked: stored(in: "main"))
        try connection.execute(
            "CREATE TEMP TABLE value (text TEXT, origin INTEGER, PRIMARY KEY (text, origin)) WITHOUT ROWID")
        var values: [Int: Int64] = [:]
        for (number, origin) in scope.origins.enumerated() {
            let (table, text) = (SQLiteText.identifier(origin.name.table), Self.text(origin.name.column))
            try connection.execute(
                """
                INSERT INTO temp.value SELECT DISTINCT \(text) COLLATE BINARY, \(number) FROM original.\(table)
                    WHERE \(text) <> ''
                """)
            values[number] = try connection.run(
                "SELECT count(*) FROM temp.value WHERE origin = ?", [.integer(Int64(number))]
            ).first?.first?.integer
        }
        var found: [(place: Int, origin: Int, rows: Int64)] = []
        for (number, place) in scope.places.enumerated() {
            for row in try connection.run(Self.question(place)) {
                found.append((number, Int(row[0].integer ?? 0), row[1].integer ?? 0))
            }
        }
        return scope.proof(values: values, found: found)
    }

    private static func question(_ place: MaskingScope.Place) -> String {
        let (table, column) = (
            SQLiteText.identifier(place.stored.name.table), SQLiteText.identifier(place.stored.name.column)
        )
        let own = place.origin ?? -1
        return """
            SELECT v.origin, count(*) FROM main.\(table) AS t
            JOIN temp.value AS v ON v.text = \(text("t", place.stored.name.column)) COLLATE BINARY
            WHERE v.origin = \(own) OR typeof(t.\(column)) = 'text'
                AND length(t.\(column)) >= \(MaskingProof.shortestCopy)
            GROUP BY v.origin
            """
    }

    /// Virtual tables are looked at through those that store their rows.
    private func stored(in schema: String) throws(DeployError) -> [MaskingScope.Stored] {
        var found: [MaskingScope.Stored] = []
        for table in try connection.tables(in: schema, stored: true) {
            for column in try connection.columns(of: table, in: schema) {
                let name = ColumnName(table: table, column: column.name)
                found.append(MaskingScope.Stored(name: name, type: "", isText: true))
            }
        }
        return found
    }

    private static func text(_ alias: String? = nil, _ column: String) -> String {
        "CAST(\(alias.map { "\($0)." } ?? "")\(SQLiteText.identifier(column)) AS TEXT)"
    }

    private static func text(_ column: String) -> String { text(nil, column) }
}
