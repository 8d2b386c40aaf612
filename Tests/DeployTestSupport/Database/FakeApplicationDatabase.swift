import Foundation

@testable import DeployCore

/// A database of tables of text rows, kept as JSON in a file store; understands
/// `CREATE TABLE name …`, `INSERT INTO name VALUES ('text')`, `DELETE FROM name` and, where it has a clock, `WAIT seconds`.
public struct FakeApplicationDatabase: ApplicationDatabase {
    struct Content: Codable {
        var tables: [String: [String]] = [:]
        var migrations: [AppliedMigration] = []
    }

    let files: any FileStore
    let clock: FakeClock?
    public let log: FakeDatabaseLog

    public let payloadName = "database.sqlite"

    public init(
        files: any FileStore, clock: FakeClock? = nil, log: FakeDatabaseLog = FakeDatabaseLog()
    ) {
        self.files = files
        self.clock = clock
        self.log = log
    }

    /// Runs statements as an application would.
    public func write(_ sql: String, to location: DatabaseLocation) throws {
        var content = try read(location.name)
        try run(sql, on: &content)
        try store(content, at: location.name)
    }

    public func rows(of table: String, in location: DatabaseLocation) throws -> [String] {
        try read(location.name).tables[table] ?? []
    }

    public func create(_ location: DatabaseLocation) throws(DeployError) {
        try store(Content(), at: location.name)
    }

    public func reach(_ location: DatabaseLocation) throws(DeployError) -> DatabaseReach {
        files.kind(of: location.name) == nil ? .missing : .there
    }

    public func size(_ location: DatabaseLocation) -> Int64 { files.size(of: location.name) ?? 0 }

    public func backUp(_ location: DatabaseLocation, to payload: String, readingBack: Bool)
        throws(DeployError) -> DatabaseSnapshot
    {
        let content = try read(location.name)
        try store(content, at: payload)
        return DatabaseSnapshot(summary: summary(content), migrations: content.migrations)
    }

    public func restore(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?
    ) throws(DeployError) {
        log.add("restore \(location.name)")
        try store(read(payload), at: location.name)
    }

    public func lighten(_ location: DatabaseLocation, by tables: [String]) throws(DeployError) {
        var content = try read(location.name)
        for table in tables where content.tables[table] != nil { content.tables[table] = [] }
        log.add("empty \(tables.joined(separator: " "))")
        try store(content, at: location.name)
    }

    public func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary {
        summary(try read(location.name))
    }

    public func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration] {
        try read(location.name).migrations
    }

    public func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError) {
        var content = try read(location.name)
        guard !content.migrations.contains(where: { $0.name == migration.name }) else { return }
        try run(migration.sql, on: &content)
        content.migrations.append(AppliedMigration(name: migration.name, sha256: migration.sha256))
        content.migrations.sort { $0.name < $1.name }
        try store(content, at: location.name)
    }

    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        var content = try read(location.name)
        try run(file.sql, on: &content)
        try store(content, at: location.name)
    }

    /// Its tables have one column, `text`.
    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        let (before, after) = (try read(original.name).tables, try read(masked.name).tables)
        var proof = MaskingProof(columns: [], survivors: [])
        for column in columns {
            guard let rows = before[column.table], column.column == "text" else {
                throw refusal("there is no column \(column)").recast(as: .invalidDefinition)
            }
            proof.columns.append(.init(name: column, values: Int64(Set(rows).count)))
            for (table, now) in after.sorted(by: { $0.key < $1.key }) {
                let left = now.filter(rows.contains).count
                guard left > 0 else { continue }
                proof.survivors.append(
                    .init(
                        place: ColumnName(table: table, column: "text"), origin: column, rows: Int64(left)))
            }
        }
        return proof
    }

    public func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn] {
        try read(location.name).tables.keys.sorted().map {
            TableColumn(table: $0, name: "text", type: "text")
        }
    }

    public func remove(_ location: DatabaseLocation) throws(DeployError) { try files.remove(location.name) }

    public func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation] {
        let slash = location.name.lastIndex(of: "/") ?? location.name.startIndex
        let (folder, name) = (String(location.name[..<slash]), String(location.name[slash...].dropFirst()))
        return files.names(in: folder).filter { $0.hasPrefix(name + ".") || $0.hasPrefix(name + "__") }
            .map { DatabaseLocation("\(folder)/\($0)") }
    }

    public func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError) {
        try store(read(source.name), at: copy.name)
    }

    public func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError) {
        guard files.kind(of: next.name) != nil else { return }
        if files.kind(of: live.name) != nil { try files.rename(live.name, to: retired.name) }
        try files.rename(next.name, to: live.name)
    }

    public func endSessions(in location: DatabaseLocation) throws(DeployError) {}

    public func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest {
        CommandRequest(Command("fake-console", [location.name]))
    }

    private func run(_ sql: String, on content: inout Content) throws(DeployError) {
        for statement in sql.split(separator: ";") {
            let words = statement.split(whereSeparator: \.isWhitespace).map(String.init)
            guard !words.isEmpty else { continue }
            if words.count > 2, words[0] == "CREATE", content.tables[words[2]] == nil {
                content.tables[words[2]] = []
            } else if words.count > 4, words[0] == "INSERT", content.tables[words[2]] != nil {
                content.tables[words[2]]?.append(words[4...].joined(separator: " "))
            } else if words.count == 3, words[0] == "DELETE", content.tables[words[2]] != nil {
                content.tables[words[2]] = []
            } else if words.count == 2, words[0] == "WAIT", let clock, let seconds = Int(words[1]) {
                clock.move(by: .seconds(seconds))
            } else {
                throw refusal("cannot run \(statement)")
            }
        }
    }

    private func summary(_ content: Content) -> DatabaseSummary {
        let tables = content.tables.sorted { $0.key < $1.key }.map { name, rows in
            DatabaseSummary.Table(
                name: name, rows: Int64(rows.count),
                digest: SHA256.hexadecimal(of: rows.joined(separator: "\n")))
        }
        let schema = SHA256.hexadecimal(of: tables.map(\.name).joined(separator: "\n"))
        return DatabaseSummary(engine: "fake", tables: tables, objects: [:], schema: schema)
    }

    private func read(_ path: String) throws(DeployError) -> Content {
        guard let data = try files.read(path) else { throw refusal("\(path) does not exist") }
        do { return try JSONDecoder().decode(Content.self, from: data) } catch {
            throw DeployError(
                .stepFailed, what: "The database refuses", why: "\(path) is no database: \(error)",
                next: "look at the test", isDamage: true)
        }
    }

    private func store(_ content: Content, at path: String) throws(DeployError) {
        try files.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try files.publish(JSON.data(content), to: path)
    }

    private func refusal(_ why: String) -> DeployError {
        DeployError(.stepFailed, what: "The database refuses", why: why, next: "look at the test")
    }
}

/// What was done, in order.
public final class FakeDatabaseLog: @unchecked Sendable {
    public private(set) var lines: [String] = []

    public init() {}

    func add(_ line: String) { lines.append(line) }
}

extension DatabaseCopying {
    /// With the payload read back.
    public func backUp(_ location: DatabaseLocation, to payload: String) throws(DeployError)
        -> DatabaseSnapshot
    {
        try backUp(location, to: payload, readingBack: true)
    }

    /// From a payload of which nobody knows how long it is unpacked.
    public func restore(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        try restore(payload, to: location, atMost: nil)
    }
}
