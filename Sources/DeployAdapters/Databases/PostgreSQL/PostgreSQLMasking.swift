import DeployCore
import FoundationEssentials

/// Compares two databases, which cannot see each other: hashes of the original's values go through a pipe into a
/// schema of the masked one, which is gone before anything is made of it.
struct PostgreSQLMasking {
    private static let schema = "deployctl_masking"
    let server: PostgreSQLServer
    let original: String
    let masked: String

    func compare(_ columns: [ColumnName]) throws(DeployError) -> MaskingProof {
        let scope = try MaskingScope(of: columns, original: stored(in: original), masked: stored(in: masked))
        try server.answers(
            to: """
                \(Self.removal)
                CREATE SCHEMA \(Self.schema);
                CREATE UNLOGGED TABLE \(Self.schema).value (hash text, origin integer, is_long boolean);
                """, in: masked)
        let proof = try compare(scope)
        try server.answers(to: Self.removal, in: masked)
        return proof
    }

    private static let removal = "DROP SCHEMA IF EXISTS \(schema) CASCADE;"

    private func compare(_ scope: MaskingScope) throws(DeployError) -> MaskingProof {
        try collect(scope)
        let questions = scope.places.enumerated().map(Self.question).joined(separator: "\n")
        let findings = try server.answers(
            to: """
                CREATE INDEX ON \(Self.schema).value (hash);
                ANALYZE \(Self.schema).value;
                \(PostgreSQLSummaryScript.begin)
                SELECT json_build_array('values', origin::text, count(*)::text)
                    FROM \(Self.schema).value GROUP BY origin;
                \(questions)
                """, in: masked, deadline: PostgreSQLServer.long)
        var values: [Int: Int64] = [:]
        var found: [(place: Int, origin: Int, rows: Int64)] = []
        for finding in findings {
            let numbers = finding.dropFirst().map { $0.flatMap { Int64($0) } ?? 0 }
            switch (finding.first, numbers.count) {
            case ("values", 2): values[Int(numbers[0])] = numbers[1]
            case ("survivor", 3): found.append((Int(numbers[0]), Int(numbers[1]), numbers[2]))
            default: break
            }
        }
        return scope.proof(values: values, found: found)
    }

    /// Without loading anything: what the one client writes the other reads.
    private func collect(_ scope: MaskingScope) throws(DeployError) {
        let door = try server.door()
        let selections = scope.origins.enumerated().map { number, origin in
            let text = Self.text(origin)
            return """
                SELECT DISTINCT \(Self.hash(text)), \(number), length(\(text)) >= \(MaskingProof.shortestCopy)
                FROM \(Self.table(origin)) t WHERE \(text) <> ''
                """
        }
        var source = door.request("psql", PostgreSQLQuestion.arguments, in: original)
        source.input = Data(
            "\(PostgreSQLSummaryScript.begin)COPY (\(selections.joined(separator: "\nUNION ALL\n"))) TO STDOUT;\n"
                .utf8)
        var sink = door.request(
            "psql",
            PostgreSQLQuestion.arguments.dropLast() + ["--command=COPY \(Self.schema).value FROM STDIN"],
            in: masked)
        (source.deadline, sink.deadline) = (PostgreSQLServer.long, PostgreSQLServer.long)
        let (given, taken) = server.access.commands.runPiped(source, into: sink)
        try withExtendedLifetime(door) { () throws(DeployError) in
            for result in [given, taken] where !result.succeeded {
                throw DeployError(
                    .stepFailed, what: "The masked columns cannot be read", why: result.complaint,
                    next: "run deployctl staging again")
            }
        }
    }

    private static func question(_ number: Int, _ place: MaskingScope.Place) -> String {
        let own = place.origin ?? -1
        let others = place.stored.isText ? " OR v.origin <> \(own) AND v.is_long" : ""
        return """
            SELECT json_build_array('survivor', '\(number)', v.origin::text, count(*)::text)
            FROM \(table(place.stored)) t JOIN \(schema).value v ON v.hash = \(hash(text(place.stored)))
            WHERE v.origin = \(own)\(others) GROUP BY v.origin;
            """
    }

    /// Rows of a table's partitions are read through the table.
    private func stored(in database: String) throws(DeployError) -> [MaskingScope.Stored] {
        try server.answers(
            to: """
                SELECT json_build_array('column', n.nspname, c.relname, a.attname, t.typcategory::text,
                    (t.typnamespace <> 'pg_catalog'::regnamespace)::text)
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_type t ON t.oid = a.atttypid
                WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
                    AND n.nspname NOT IN ('information_schema', '\(Self.schema)')
                    AND n.nspname !~ '^pg_(catalog$|toast|temp)'
                ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum;
                """, in: database
        ).compactMap { finding in
            let words = finding.compactMap(\.self)
            guard words.count == 6 else { return nil }
            return MaskingScope.Stored(
                name: ColumnName(schema: words[1], table: words[2], column: words[3]),
                type: words[5] == "true" ? Self.ownType : words[4], isText: words[4] == "S")
        }
    }

    private static func table(_ column: MaskingScope.Stored) -> String {
        [column.name.schema ?? "public", column.name.table].map(PostgreSQLText.identifier).joined(
            separator: ".")
    }

    /// As a row of it would show; a cast of the project's own types may be a function of the project's own.
    private static func text(_ column: MaskingScope.Stored) -> String {
        let name = "t.\(PostgreSQLText.identifier(column.name.column))"
        return column.type == ownType ? "pg_catalog.concat(\(name))" : "\(name)::text"
    }

    /// Instead of the category of a type that is not the server's.
    private static let ownType = "own"

    private static func hash(_ text: String) -> String { "encode(sha256(textsend(\(text))), 'hex')" }
}
