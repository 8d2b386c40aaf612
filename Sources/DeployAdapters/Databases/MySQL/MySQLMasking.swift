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
        let (before, after) = (try server.structure(of: original), try server.structure(of: masked))
        let scope = try MaskingScope(
            of: columns, original: Self.stored(in: before), masked: Self.stored(in: after))
        let session = try server.session(in: masked, as: .application)
        _ = try session.ask(
            """
            CREATE TEMPORARY TABLE \(Self.table) (hash BINARY(32), origin INT, is_long BOOLEAN NOT NULL,
                PRIMARY KEY (hash, origin));
            """)
        var values: [Int: Int64] = [:]
        for (number, origin) in scope.origins.enumerated() {
            let rows = try session.ask(
                collection(origin, number, rows(of: before, in: original, origin)), within: MySQLServer.long)
            values[number] = rows.first?.first.flatMap(Int64.init)
        }
        var found: [(place: Int, origin: Int, rows: Int64)] = []
        for (number, place) in scope.places.enumerated() {
            for row in try session.ask(
                question(place, rows(of: after, in: masked, place.stored)), within: MySQLServer.long)
            where row.count == 2 {
                found.append((number, Int(row[0]) ?? 0, Int64(row[1]) ?? 0))
            }
        }
        _ = session.finish()
        return scope.proof(values: values, found: found)
    }

    private func collection(_ origin: MaskingScope.Stored, _ number: Int, _ rows: String) -> String {
        let length = "CHAR_LENGTH(value) >= \(MaskingProof.shortestCopy)"
        return """
            INSERT INTO \(Self.table) SELECT \(Self.hash("value")), \(number), MAX(\(length)) FROM (
                SELECT \(Self.text(origin)) AS value FROM \(rows)) AS every
                WHERE value <> '' GROUP BY 1;
            SELECT COUNT(*) FROM \(Self.table) WHERE origin = \(number);
            """
    }

    private func question(_ place: MaskingScope.Place, _ rows: String) -> String {
        let own = place.origin ?? -1
        let others = place.stored.isText ? " OR v.origin <> \(own) AND v.is_long" : ""
        return """
            SELECT v.origin, COUNT(*) FROM \(rows) AS t
            JOIN \(Self.table) AS v ON v.hash = \(Self.hash(Self.text(place.stored, of: "t.")))
            WHERE v.origin = \(own)\(others) GROUP BY v.origin;
            """
    }

    private static func stored(in structure: MySQLStructure) -> [MaskingScope.Stored] {
        structure.tables.filter(\.holdsRows).flatMap { table in
            table.columns.map { column in
                MaskingScope.Stored(
                    name: ColumnName(table: table.name, column: column.name), type: column.type,
                    isText: ["char", "varchar", "tinytext", "text", "mediumtext", "longtext"]
                        .contains(column.type))
            }
        }
    }

    /// Where the column's values are, those of former rows too.
    private func rows(of structure: MySQLStructure, in database: String, _ column: MaskingScope.Stored)
        -> String
    {
        let name = ByteText(column.name.table)
        let table = structure.tables.first { ByteText($0.name) == name }
        return
            "\(MySQLText.identifier(database)).\(table?.everyRow ?? MySQLText.identifier(column.name.table))"
    }

    /// Bytes stay what they are; texts of every character set become one.
    private static func text(_ column: MaskingScope.Stored, of alias: String = "") -> String {
        let name = alias + MySQLText.identifier(column.name.column)
        let isBytes = column.type.ends(with: "binary") || column.type.ends(with: "blob")
        return isBytes ? name : "CONVERT(\(name) USING utf8mb4)"
    }

    private static func hash(_ text: String) -> String { "UNHEX(SHA2(\(text), 256))" }
}
