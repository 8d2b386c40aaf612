import DeployAdapters
import DeployTestSupport
import XCTest

@testable import DeployCore

/// What a mask leaves is found in the files themselves.
final class SQLiteMaskingTests: SQLiteFixture {
    private let shop = """
        CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE, name TEXT, phone INTEGER);
        INSERT INTO users VALUES (1, 'ann@example.org', 'Ann', 5550001), (2, 'bob@example.org', '', NULL),
            (3, NULL, 'Ann', 5550003);
        CREATE TABLE audit (note TEXT, number);
        INSERT INTO audit VALUES ('ann@example.org', 'bob@example.org'), ('Ann', 5);
        """
    private let clean =
        "UPDATE users SET email = 'user' || id, name = 'N' || id, phone = id; UPDATE audit SET note = '', number = 0;"
    private let columns = ["users.email", "users.name", "users.phone"].compactMap(
        ColumnName.init(parsing:))

    private var contract: MaskingContract {
        MaskingContract(
            database: database, original: location("original.db"), masked: location("masked.db"), quote: "\""
        ) { try self.write($0, to: $1) }
    }

    private func compare(_ setup: String, _ mask: String, _ columns: [ColumnName]) throws -> MaskingProof {
        try contract.compare(setup, mask, columns)
    }

    func testWhatIsLeftIsNamedWithItsRowsAndNothingElse() throws {
        try contract.checkThatWhatIsLeftIsNamed(
            shop, columns, clean: clean,
            half: "UPDATE users SET email = 'x', name = 'N', phone = 0 WHERE id <> 2;",
            leaves: ["users.email users.email 1", "audit.note users.email 1", "audit.number users.email 1"])
    }

    func testAShortValueCountsOnlyInItsOwnColumn() throws {
        let mask = clean + "UPDATE users SET name = 'Ann' WHERE id = 3; UPDATE audit SET note = 'Ann';"
        let proof = try compare(shop, mask, columns)
        XCTAssertEqual(proof.survivors.map(\.place.description), ["users.name"])
    }

    func testAColumnThatIsDroppedLeavesNothingAndOneWithoutValuesSaysSo() throws {
        let proof = try compare(
            "CREATE TABLE a (x TEXT, y TEXT); INSERT INTO a VALUES (NULL, 'secret value');",
            "ALTER TABLE a DROP COLUMN y;", [.init(table: "a", column: "x"), .init(table: "a", column: "y")])
        XCTAssertEqual(proof.survivors, [])
        XCTAssertEqual(proof.columns.map(\.values), [0, 1])
    }

    func testOddNamesAreReadAsTheyAre() throws { try contract.checkOddNames("naïve") }

    func testAFullTextIndexIsLookedInto() throws {
        let proof = try compare(
            "CREATE TABLE u (email TEXT); INSERT INTO u VALUES ('ann@example.org'); CREATE VIRTUAL TABLE f USING fts5(t); INSERT INTO f SELECT email FROM u;",
            "UPDATE u SET email = 'x'", [.init(table: "u", column: "email")])
        XCTAssertEqual(proof.survivors.map(\.place.table), ["f_content"])
    }

    func testNothingRemovedStaysInACompactedFile() throws {
        try database.create(live)
        try write(
            "PRAGMA secure_delete = OFF; CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('findme@example.org'); DELETE FROM t;",
            to: live)
        XCTAssertTrue(try bytes().contains("findme"), "a removed row is still in its page")
        try database.compact(live)
        XCTAssertFalse(try bytes().contains("findme"))
    }

    private func bytes() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: live.name)), as: UTF8.self)
    }

    func testAFileRunsWithTransactionsOfItsOwnAndStopsAtTheFirstError() throws {
        try database.create(live)
        let dump =
            "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (x);\nINSERT INTO a VALUES (1);\nCOMMIT;\n"
        try database.run(SQLFile(name: "seed.sql", sql: dump), in: live)
        XCTAssertEqual(try database.summarise(live).tables.map(\.rows), [1])
        XCTAssertEqual(try database.appliedMigrations(live), [], "it is not recorded")
        for sql in [
            "INSERT INTO none VALUES (1); INSERT INTO a VALUES (2);", "BEGIN; INSERT INTO a VALUES (2);",
        ] {
            expectError(.stepFailed, sql) {
                try database.run(SQLFile(name: "seed.sql", sql: sql), in: live)
            }
            XCTAssertEqual(try database.summarise(live).tables.map(\.rows), [1], sql)
        }
    }
}
