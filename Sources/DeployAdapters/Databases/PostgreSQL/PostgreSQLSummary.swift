import DeployCore

/// What the summary's script found.
struct PostgreSQLSummary {
    private var server = ""
    private var tables: [DatabaseSummary.Table] = []
    private var objects: [String: Int] = [:]
    private var schema = ""
    /// Sequences by quoted name, and where each stands.
    private var sequences: [ByteText: String] = [:]

    static func take(of database: String, on server: PostgreSQLServer) throws(DeployError) -> DatabaseSummary
    {
        let findings = try server.answers(
            to: PostgreSQLSummaryScript.begin + PostgreSQLSummaryScript.all, in: database,
            deadline: .seconds(4 * 3600))
        return try PostgreSQLSummary(findings).summary
    }

    init(_ findings: [[String?]]) throws(DeployError) {
        for finding in findings { try add(finding.map { $0 ?? "" }) }
        guard !server.isEmpty, !schema.isEmpty else { throw Self.unknown("nothing about the schema") }
    }

    /// A sequence is listed like a table: where it stands is content.
    var summary: DatabaseSummary {
        let positions = sequences.map {
            DatabaseSummary.Table(name: "sequence \($0.text)", rows: 1, digest: $1)
        }
        let all = (tables + positions).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return DatabaseSummary(engine: "postgresql \(server)", tables: all, objects: objects, schema: schema)
    }

    var numberOfTables: Int { tables.count { $0.name != Self.largeObjects } }

    /// Takes over what the dump says of sequences that moved while it was made.
    ///
    /// A snapshot does not hold a sequence still; one that stood still all the time needs no second look.
    mutating func settle(
        sequencesBefore before: [[String?]], after: [[String?]], in payload: PostgreSQLPayload
    ) throws(DeployError) {
        let still = Set(before).intersection(after)
        for finding in after where !still.contains(finding) {
            guard finding.count == 6, let name = finding[1].map(ByteText.init), let schema = finding[4],
                let sequence = finding[5], sequences[name] != nil
            else { continue }
            sequences[name] = try payload.position(of: sequence, in: schema)
        }
    }

    private static let largeObjects = "pg_largeobject"

    private mutating func add(_ finding: [String]) throws(DeployError) {
        switch (finding.first, finding.count) {
        case ("server", 2): server = finding[1]
        case ("table", 4):
            guard let rows = Int64(finding[2]) else { throw Self.unknown(finding[2]) }
            tables.append(DatabaseSummary.Table(name: finding[1], rows: rows, digest: finding[3]))
        case ("sequence", 6):
            sequences[ByteText(finding[1])] = Self.position(finding[2], isCalled: finding[3])
        case ("objects", 3): objects[finding[1]] = Int(finding[2])
        case ("schema", 2): schema = finding[1]
        case ("migration", 4): break
        default: throw Self.unknown(finding.joined(separator: " "))
        }
    }

    static func position(_ value: String, isCalled: String) -> String {
        isCalled == "true" ? "\(value), called" : "\(value), not called"
    }

    static func unknown(_ finding: String) -> DeployError {
        DeployError(
            .stepFailed, what: "The database cannot be summarised", why: "psql answers with \(finding)",
            next: "check which psql is found first in PATH")
    }
}
