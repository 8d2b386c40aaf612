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

private func rows(_ summary: DatabaseSummary, _ table: String) -> Int64? {
    summary.tables.first { $0.name == table }?.rows
}
