import DeployCore
import Foundation
import XCTest

/// What every `ApplicationDatabase` keeps, on a folder that is there and empty.
///
/// `transactionalSchema` says whether a failed migration that changes the schema leaves nothing, `location` where a
/// server's database of a name is; files lie in `root`.
public func checkApplicationDatabaseContract(
    _ database: any ApplicationDatabase, root: String, transactionalSchema: Bool = true,
    at location: ((String) -> DatabaseLocation)? = nil
) throws {
    let location = location ?? { DatabaseLocation("\(root)/\($0).db") }
    let live = location("live")
    try checkAbsence(database, live, root)
    try database.create(live)
    XCTAssertTrue(try database.exists(live))
    XCTAssertEqual(try database.summarise(live).tables, [])
    XCTAssertEqual(try database.appliedMigrations(live), [])

    try checkMigrations(database, live, transactionalSchema)
    try checkCopies(database, live, location("restored"), payload: "\(root)/payload.db")
    try checkMasking(database, live, location("restored"), payload: "\(root)/masked.db")
    try database.remove(live)
    try database.remove(live)
    XCTAssertFalse(try database.exists(live))
    XCTAssertEqual(database.size(live), 0)
}

private func checkAbsence(_ database: any ApplicationDatabase, _ none: DatabaseLocation, _ root: String)
    throws
{
    XCTAssertFalse(try database.exists(none))
    XCTAssertEqual(database.size(none), 0)
    let uses: [(String, () throws -> Void)] = [
        ("summarising nothing", { _ = try database.summarise(none) }),
        ("backing nothing up", { _ = try database.backUp(none, to: "\(root)/payload") }),
        ("restoring nothing", { try database.restore("\(root)/nothing", to: none) }),
        ("migrating nothing", { try database.apply(MigrationFile(name: "1.sql", sql: ""), to: none) }),
        ("listing migrations of nothing", { _ = try database.appliedMigrations(none) }),
    ]
    for (action, body) in uses { XCTAssertThrowsError(try body(), action) }
    XCTAssertFalse(try database.exists(none), "looking at nothing creates nothing")
}

private func checkMigrations(
    _ database: any ApplicationDatabase, _ live: DatabaseLocation, _ transactionalSchema: Bool
) throws {
    let first = MigrationFile(
        name: "0001_note.sql", sql: "CREATE TABLE note (text TEXT);\nINSERT INTO note VALUES ('one');")
    try database.apply(first, to: live)
    try database.apply(first, to: live)
    XCTAssertEqual(
        try database.appliedMigrations(live), [AppliedMigration(name: first.name, sha256: first.sha256)])
    XCTAssertEqual(rows(try database.summarise(live), "note"), 1, "a migration runs once")
    let columns = try database.columns(of: live).filter { $0.table == "note" }
    XCTAssertEqual(columns.map { "\($0.name) \($0.type.lowercased())" }, ["text text"])

    let before = try database.summarise(live)
    let inOneTransaction = [
        "INSERT INTO note VALUES ('two'); COMMIT;",
        "CREATE TABLE other (x INTEGER); INSERT INTO note VALUES ('two'); INSERT INTO none VALUES ('x');",
    ]
    for broken in ["INSERT INTO note VALUES ('two'); NONSENSE x;"]
        + (transactionalSchema ? inOneTransaction : [])
    {
        expectError(.stepFailed, broken) {
            try database.apply(MigrationFile(name: "0002_broken.sql", sql: broken), to: live)
        }
        XCTAssertEqual(try database.summarise(live), before, "nothing of it stays: \(broken)")
        XCTAssertEqual(try database.appliedMigrations(live).count, 1, broken)
    }
    try database.apply(
        MigrationFile(name: "0002_more.sql", sql: "INSERT INTO note VALUES ('two');"), to: live)
    XCTAssertEqual(try database.appliedMigrations(live).map(\.name), ["0001_note.sql", "0002_more.sql"])
    XCTAssertEqual(rows(try database.summarise(live), "note"), 2)
}

private func checkCopies(
    _ database: any ApplicationDatabase, _ live: DatabaseLocation, _ copy: DatabaseLocation, payload: String
) throws {
    let snapshot = try database.backUp(live, to: payload)
    let taken = snapshot.summary
    XCTAssertEqual(taken, try database.summarise(live), "the summary is of the very snapshot")
    XCTAssertEqual(snapshot.migrations.count, 2)

    try database.apply(
        MigrationFile(name: "0003_later.sql", sql: "INSERT INTO note VALUES ('three');"), to: live)
    XCTAssertFalse(try database.summarise(live).differences(from: taken).isEmpty, "a row more is seen")

    try database.restore(payload, to: copy)
    XCTAssertEqual(try database.summarise(copy), taken, "what comes back is what was taken")
    XCTAssertEqual(try database.appliedMigrations(copy).count, 2)
    XCTAssertGreaterThan(database.size(copy), 0)
    try database.remove(copy)
}

/// `live` has one row for each of three migrations, which a mask takes away.
private func checkMasking(
    _ database: any ApplicationDatabase, _ live: DatabaseLocation, _ copy: DatabaseLocation, payload: String
) throws {
    let (text, applied) = (ColumnName(table: "note", column: "text"), try database.appliedMigrations(live))
    func run(_ sql: String) throws {
        try database.run(SQLFile(name: "mask.sql", sql: sql, isDiscreet: true), in: copy)
    }
    func survivors(_ column: ColumnName? = nil) throws -> MaskingProof {
        try database.survivors(of: [column ?? text], original: live, masked: copy)
    }
    try database.copy(live, to: copy)
    XCTAssertEqual(try survivors().columns, [.init(name: text, values: 3)])
    XCTAssertEqual(try survivors().survivors, [.init(place: text, origin: text, rows: 3)])
    expectError(.invalidDefinition, "an unknown column") {
        _ = try survivors(ColumnName(table: "note", column: "none"))
    }
    try run("DELETE FROM note; INSERT INTO note VALUES ('nobody');")
    XCTAssertEqual(try survivors().survivors, [])
    XCTAssertEqual(try database.appliedMigrations(copy), applied, "the file is not recorded")
    expectError(.stepFailed, "a file that fails") { try run("INSERT INTO none VALUES ('x');") }

    try database.compact(copy)
    let taken = try database.backUp(copy, to: payload).summary
    try database.remove(copy)
    try database.adopt(payload, to: copy)
    XCTAssertEqual(try database.summarise(copy).tables, taken.tables)
    XCTAssertEqual(rows(taken, "note"), 1)
    try database.remove(copy)
}

private func rows(_ summary: DatabaseSummary, _ table: String) -> Int64? {
    summary.tables.first { $0.name == table }?.rows
}
