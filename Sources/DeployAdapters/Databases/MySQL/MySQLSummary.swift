import DeployCore

/// Counts and hashes what is in one MySQL database; the rows are hashed by the server.
struct MySQLSummary {
    /// Answers a question inside the snapshot that is summarised.
    typealias Ask = (String) throws(DeployError) -> [[String]]

    private(set) var structure: MySQLStructure
    private var schema: String

    /// Asks for the structure and the definitions, which is quick and runs nothing of them.
    ///
    /// An event that would run where the database is live is the same one in a copy, where it does not.
    init(of database: String, _ place: MySQLEventPlace, asking ask: Ask) throws(DeployError) {
        structure = MySQLStructure(try ask(MySQLStructure.question(about: database)))
        var hash = SHA256()
        let parts =
            [[structure.characterSet, structure.collation]] + structure.triggers.map(Self.withoutDefiner)
        let definitions = try ask(structure.definitions)
        let events = definitions.suffix(structure.events.count).map { row in
            row.map { MySQLEventHead.moved($0, from: place, to: .live) }
        }
        for row in parts + definitions.dropLast(events.count) + events {
            for value in row {
                hash.update(Self.withoutCounter(MySQLText.definedByRunner(value)) + "\u{1f}")
            }
            hash.update("\u{1e}")
        }
        schema = hash.hexadecimal()
    }

    /// Asks for every table's rows, which takes as long as reading them.
    var question: String {
        structure.tables.filter(\.holdsRows).map(question).joined(separator: "\n")
    }

    func summary(_ rows: [[String]]) throws(DeployError) -> DatabaseSummary {
        let names = structure.tables.filter(\.holdsRows).map(\.name)
        guard rows.count == names.count, rows.allSatisfy({ $0.count == 3 }) else {
            throw DeployError(
                .stepFailed, what: "The database cannot be summarised",
                why: "\(rows.count) of \(names.count) tables were answered for", next: "run this again")
        }
        let tables = zip(names, rows).map { name, row in
            DatabaseSummary.Table(name: name, rows: Int64(row[0]) ?? -1, digest: "\(row[1])-\(row[2])")
        }
        return DatabaseSummary(
            engine: structure.version, tables: tables, objects: structure.objects, schema: schema)
    }

    /// The sums of both halves of all rows' hashes: whatever order rows are stored in, a row that is missing,
    /// doubled or different shows.
    private func question(_ table: MySQLStructure.Table) -> String {
        let values = (table.columns + table.period).map { column in
            let name = MySQLText.identifier(column.name)
            return "IFNULL(\(value(name, column.type)), '-')"
        }
        let row = "@h := \(hash("CONCAT_WS(',', \((values + ["''"]).joined(separator: ", ")))"))"
        return """
            SELECT COUNT(*), IFNULL(SUM(CAST(CONV(LEFT(\(row), 16), 16, 10) AS UNSIGNED)), 0),
            IFNULL(SUM(CAST(CONV(SUBSTR(@h, 17, 16), 16, 10) AS UNSIGNED)), 0) FROM \(table.everyRow);
            """
    }

    /// Texts are hashed by themselves, so that no row is too long for one value and no text looks like a separator.
    private func value(_ name: String, _ type: String) -> String {
        switch type {
        case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "date",
            "time",
            "datetime", "timestamp", "year":
            name
        case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
            "geometrycollection", "geomcollection":
            hash("HEX(\(name))")
        default: hash(name)
        }
    }

    /// A server that no longer has the quick one is asked for the other.
    private func hash(_ value: String) -> String {
        MySQLVersion(structure.version).hashesByMD5 ? "MD5(\(value))" : "SHA2(\(value), 256)"
    }

    /// Whoever loads it is its definer.
    private static func withoutDefiner(_ trigger: [String]) -> [String] {
        var trigger = trigger
        trigger[6] = ""
        return trigger
    }

    /// The next automatic number moves while a dump is taken, without a row that changes.
    private static func withoutCounter(_ text: String) -> String {
        let key = " AUTO_INCREMENT="
        guard text.utf8.count > key.utf8.count, text.holds(key) else { return text }
        var parts = text.split(at: key, keepsEmpty: true).map(String.init)
        for index in parts.indices.dropFirst() {
            let hasNumber = !parts[index].leadingDigits.isEmpty
            parts[index] = hasNumber ? String(parts[index].afterDigits) : key + parts[index]
        }
        return parts.joined()
    }
}

extension MySQLSummary {
    static func take(of database: String, on server: MySQLServer) throws(DeployError) -> DatabaseSummary {
        let asked = try ask(about: database, on: server)
        return try asked.summary.summary(try asked.session.answer())
    }

    /// Summarises two databases at the same time and says how the first differs from the second.
    static func differences(of database: String, from other: String, on server: MySQLServer)
        throws(DeployError) -> [String]
    {
        let (one, two) = (try ask(about: database, on: server), try ask(about: other, on: server))
        let found = try one.summary.summary(try one.session.answer())
        return found.differences(from: try two.summary.summary(try two.session.answer()))
    }

    /// Has the server begin to summarise one consistent snapshot.
    private static func ask(about database: String, on server: MySQLServer) throws(DeployError)
        -> (session: MySQLSession, summary: MySQLSummary)
    {
        let (session, reader) = (
            try server.standingSession(in: database), try server.session(in: database, as: .application)
        )
        _ = try reader.ask("START TRANSACTION WITH CONSISTENT SNAPSHOT;")
        let summary = try MySQLSummary(of: database, server.place(of: database)) { sql throws(DeployError) in
            try session.ask(sql)
        }
        reader.send(summary.question)
        return (reader, summary)
    }
}
