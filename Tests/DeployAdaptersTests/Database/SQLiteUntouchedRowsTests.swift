import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// A copy of which only the rows are looked at that a migration changed.
final class SQLiteUntouchedRowsTests: SQLiteFixture {
    private func execute(_ sql: String) throws {
        try SQLiteConnection(path: live.name, access: .readWrite).execute(sql)
    }

    func testRowsGoWithTheirRoomWhereNothingHappensThen() throws {
        try database.create(live)
        try execute(
            """
            CREATE TABLE large (b); INSERT INTO large VALUES (zeroblob(1000000));
            CREATE TABLE "it's ""y"";" (n); INSERT INTO "it's ""y"";" VALUES (1);
            CREATE TABLE child (n REFERENCES large ON DELETE CASCADE); INSERT INTO child VALUES (1);
            CREATE TABLE watched (n); INSERT INTO watched VALUES (1);
            CREATE TRIGGER t AFTER DELETE ON watched BEGIN INSERT INTO child VALUES (2); END;
            CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('a b c');
            """)
        let all = try database.summarise(live).tables
        try database.lighten(live, by: all.map(\.name).filter { $0 != "child" })
        let left = try database.summarise(live).tables
        XCTAssertEqual(left.map(\.name), all.map(\.name))
        for table in ["large", "it's \"y\";"] { XCTAssertEqual(left.first { $0.name == table }?.rows, 0) }
        for table in ["child", "watched"] { XCTAssertEqual(left.first { $0.name == table }?.rows, 1) }
        XCTAssertEqual(
            left.filter { $0.name.hasPrefix("words") }, all.filter { $0.name.hasPrefix("words") })
        XCTAssertLessThan(database.size(live), 200_000)
        let found = try database.differences(
            copying: live, to: location("copy.db"), by: "\(folder)/payload.zst")
        XCTAssertEqual(found.found, [])
    }

    /// What cannot be emptied must not be what refuses a promotion.
    func testWhatNeedsTheApplicationsOwnCollationIsCopiedWithItsRows() throws {
        let application = try start(
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.create_collation("OURS", lambda a, b: (a > b) - (a < b))
            db.executescript("CREATE TABLE odd (t TEXT COLLATE OURS); CREATE INDEX i ON odd (t);"
                "INSERT INTO odd VALUES ('a'), ('b'); CREATE TABLE plain (n); INSERT INTO plain VALUES (1)")
            """, [live.name])
        application.waitUntilExit()
        XCTAssertEqual(application.terminationStatus, 0)
        try database.lighten(live, by: ["odd", "plain"])
        let left = try database.summarise(live).tables
        XCTAssertEqual(left.first { $0.name == "plain" }?.rows, 0)
        let found = try database.differences(
            copying: live, to: location("copy.db"), by: "\(folder)/payload.zst")
        XCTAssertEqual(found.found, [])
    }

    func testAnIndexMakesAnotherTable() throws {
        try database.create(live)
        try execute("CREATE TABLE a (n); CREATE TABLE b (n)")
        let (before, rows) = (
            try TableVersions(of: live, in: database), try database.summarise(live).tables
        )
        try execute("CREATE INDEX i ON a (n)")
        let after = try TableVersions(of: live, in: database)
        XCTAssertEqual(after.untouched(since: before, rows, before: rows), ["b"])
    }
}
