import DeployCore

/// What the summary's script found.
struct PostgreSQLSummary {
    private var server = ""
    private var tables: [DatabaseSummary.Table] = []
    private var objects: [String: Int] = [:]
    private var schema = ""
    /// Sequences by quoted name, and where each stands.
    var sequences: [String: String] = [:]

    init(_ findings: [[String?]]) throws(DeployError) {
        for finding in findings { try add(finding.map { $0 ?? "" }) }
        guard !server.isEmpty, !schema.isEmpty else { throw Self.unknown("nothing about the schema") }
    }

    /// A sequence is listed like a table: where it stands is content.
    var summary: DatabaseSummary {
        let positions = sequences.map { DatabaseSummary.Table(name: "sequence \($0)", rows: 1, digest: $1) }
        let all = (tables + positions).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return DatabaseSummary(engine: "postgresql \(server)", tables: all, objects: objects, schema: schema)
    }

    var numberOfTables: Int { tables.count { $0.name != Self.largeObjects } }

    /// Records of migrations among findings.
    static func migrations(in findings: [[String?]]) throws(DeployError) -> [AppliedMigration] {
        var found: [AppliedMigration] = []
        for finding in findings.map({ $0.map { $0 ?? "" } }) where finding.first == "migration" {
            guard finding.count == 4 else { throw unknown(finding.joined(separator: " ")) }
            guard finding[3] == "false" else { throw PostgreSQLMigrations.interrupted(finding[1]) }
            found.append(AppliedMigration(name: finding[1], sha256: finding[2]))
        }
        return found
    }

    private static let largeObjects = "pg_largeobject"

    private mutating func add(_ finding: [String]) throws(DeployError) {
        switch (finding.first, finding.count) {
        case ("server", 2): server = finding[1]
        case ("table", 4):
            guard let rows = Int64(finding[2]) else { throw Self.unknown(finding[2]) }
            tables.append(DatabaseSummary.Table(name: finding[1], rows: rows, digest: finding[3]))
        case ("sequence", 6): sequences[finding[1]] = Self.position(finding[2], isCalled: finding[3])
        case ("objects", 3): objects[finding[1]] = Int(finding[2])
        case ("schema", 2): schema = finding[1]
        case ("migration", 4): break
        default: throw Self.unknown(finding.joined(separator: " "))
        }
    }

    static func position(_ value: String, isCalled: String) -> String {
        isCalled == "true" ? "\(value), called" : "\(value), not called"
    }

    private static func unknown(_ finding: String) -> DeployError {
        DeployError(
            .stepFailed, what: "The database cannot be summarised", why: "psql answers with \(finding)",
            next: "check which psql is found first in PATH")
    }
}
