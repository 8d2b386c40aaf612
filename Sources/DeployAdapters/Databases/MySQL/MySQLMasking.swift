import DeployCore

/// Compares two databases of one server in a session of its own, by hashes in a table that goes with the session.
struct MySQLMasking {
    private static let table = "deployctl_masking_value"
    let server: MySQLServer
    let original: String
    let masked: String

    func compare(_ columns: [ColumnName]) throws(DeployError) -> MaskingProof {
        for database in [original, masked] where try !server.databases.exists(database) {
            throw server.databases.missing(database)
        }
        let scope = try MaskingScope(of: columns, original: stored(in: original), masked: stored(in: masked))
        let session = try server.session(in: masked, as: .application)
        _ = try session.ask(
            """
            CREATE TEMPORARY TABLE \(Self.table) (hash BINARY(32), origin INT, is_long BOOLEAN NOT NULL,
                PRIMARY KEY (hash, origin));
            """)
        var values: [Int: Int64] = [:]
        for (number, origin) in scope.origins.enumerated() {
            let rows = try session.ask(collection(origin, number), within: MySQLServer.long)
            values[number] = rows.first?.first.flatMap(Int64.init)
        }
        var found: [(place: Int, origin: Int, rows: Int64)] = []
        for (number, place) in scope.places.enumerated() {
            for row in try session.ask(question(place), within: MySQLServer.long) where row.count == 2 {
                found.append((number, Int(row[0]) ?? 0, Int64(row[1]) ?? 0))
            }
        }
        _ = session.finish()
        return scope.proof(values: values, found: found)
    }

    private func collection(_ origin: MaskingScope.Stored, _ number: Int) -> String {
        let length = "CHAR_LENGTH(value) >= \(MaskingProof.shortestCopy)"
        return """
            INSERT INTO \(Self.table) SELECT \(Self.hash("value")), \(number), MAX(\(length)) FROM (
                SELECT \(Self.text(origin)) AS value FROM \(name(origin, in: original))) AS every
                WHERE value <> '' GROUP BY 1;
            SELECT COUNT(*) FROM \(Self.table) WHERE origin = \(number);
            """
    }

    private func question(_ place: MaskingScope.Place) -> String {
        let own = place.origin ?? -1
        let others = place.stored.isText ? " OR v.origin <> \(own) AND v.is_long" : ""
        return """
            SELECT v.origin, COUNT(*) FROM \(name(place.stored, in: masked)) AS t
            JOIN \(Self.table) AS v ON v.hash = \(Self.hash(Self.text(place.stored, of: "t.")))
            WHERE v.origin = \(own)\(others) GROUP BY v.origin;
            """
    }

    private func stored(in database: String) throws(DeployError) -> [MaskingScope.Stored] {
        try server.structure(of: database).tables.filter(\.holdsRows).flatMap { table in
            table.columns.map { column in
                MaskingScope.Stored(
                    name: ColumnName(table: table.name, column: column.name), type: column.type,
                    isText: ["char", "varchar", "tinytext", "text", "mediumtext", "longtext"]
                        .contains(column.type))
            }
        }
    }

    private func name(_ column: MaskingScope.Stored, in database: String) -> String {
        "\(MySQLText.identifier(database)).\(MySQLText.identifier(column.name.table))"
    }

    /// Bytes stay what they are; texts of every character set become one.
    private static func text(_ column: MaskingScope.Stored, of alias: String = "") -> String {
        let name = alias + MySQLText.identifier(column.name.column)
        let isBytes = column.type.ends(with: "binary") || column.type.ends(with: "blob")
        return isBytes ? name : "CONVERT(\(name) USING utf8mb4)"
    }

    private static func hash(_ text: String) -> String { "UNHEX(SHA2(\(text), 256))" }
}
