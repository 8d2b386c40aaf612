import DeployTestSupport
import XCTest

@testable import DeployCore

/// What every `ApplicationDatabase` keeps, a test for each law.
///
/// Here the imitation is tried; each engine's subclass gives a world of its own.
class DatabaseContract: XCTestCase {
    /// An engine, and where a test may make databases and files.
    struct World {
        var database: any ApplicationDatabase
        /// A folder that is there and empty.
        var root: String
        /// The database the definition names, which is not there.
        var live: DatabaseLocation
        /// What stands between its name and what its siblings are called.
        var separator = "__"
        /// Whether a failed migration that changes the schema leaves nothing.
        var undoesSchemas = true

        func beside(_ number: Int) -> DatabaseLocation {
            DatabaseLocation("\(live.name)\(separator)2026010112000\(number)")
        }
    }

    func makeWorld() throws -> World {
        let files = MemoryFileStore()
        try files.makeFolder("/data")
        return World(
            database: FakeApplicationDatabase(files: files), root: "/data",
            live: DatabaseLocation("/data/live.db"), separator: ".")
    }

    private var made: World?
    /// The test's own.
    var world: World { get throws { try XCTUnwrap(made) } }

    override func setUpWithError() throws { made = try makeWorld() }

    /// For a server that outlives the test.
    func removeDatabases() {
        guard let made else { return }
        for location in [made.live] + ((try? made.database.siblings(of: made.live)) ?? []) {
            try? made.database.remove(location)
        }
    }

    func testWhatIsNotThereIsNeitherReadNorMade() throws {
        let (world, none) = (try world, try world.live)
        XCTAssertFalse(try world.database.exists(none))
        XCTAssertEqual(world.database.size(none), 0)
        let uses: [(String, () throws -> Void)] = [
            ("summarising", { _ = try world.database.summarise(none) }),
            ("backing up", { _ = try world.database.backUp(none, to: "\(world.root)/payload") }),
            ("restoring", { try world.database.restore("\(world.root)/nothing", to: none) }),
            ("migrating", { try world.database.apply(MigrationFile(name: "1.sql", sql: ""), to: none) }),
            ("listing migrations", { _ = try world.database.appliedMigrations(none) }),
        ]
        for (action, body) in uses { XCTAssertThrowsError(try body(), action) }
        XCTAssertFalse(try world.database.exists(none))
    }

    func testANewDatabaseIsEmpty() throws {
        let world = try world
        try world.database.create(world.live)
        XCTAssertTrue(try world.database.exists(world.live))
        XCTAssertEqual(try world.database.summarise(world.live).tables, [])
        XCTAssertEqual(try world.database.appliedMigrations(world.live), [])
    }

    func testAMigrationRunsOnceAndIsRecorded() throws {
        let world = try noted()
        try world.database.apply(Self.first, to: world.live)
        XCTAssertEqual(
            try world.database.appliedMigrations(world.live),
            [AppliedMigration(name: Self.first.name, sha256: Self.first.sha256)])
        XCTAssertEqual(try notes(), 1)
    }

    func testColumnsAreListedWithTheirTypes() throws {
        let world = try noted()
        let columns = try world.database.columns(of: world.live).filter { $0.table == "note" }
        XCTAssertEqual(columns.map { "\($0.name) \($0.type.lowercased())" }, ["text text"])
    }

    func testNothingStaysOfAMigrationThatFails() throws {
        let world = try noted()
        let before = try world.database.summarise(world.live)
        let inOneTransaction = [
            "INSERT INTO note VALUES ('two'); COMMIT;",
            "CREATE TABLE other (x INTEGER); INSERT INTO note VALUES ('two'); INSERT INTO none VALUES ('x');",
        ]
        for broken in ["INSERT INTO note VALUES ('two'); NONSENSE x;"]
            + (world.undoesSchemas ? inOneTransaction : [])
        {
            expectError(.stepFailed, broken) {
                try world.database.apply(MigrationFile(name: "0002_more.sql", sql: broken), to: world.live)
            }
            XCTAssertEqual(try world.database.summarise(world.live), before, broken)
            XCTAssertEqual(try world.database.appliedMigrations(world.live).count, 1, broken)
        }
        try add("0002_more.sql")
        XCTAssertEqual(
            try world.database.appliedMigrations(world.live).map(\.name), ["0001_note.sql", "0002_more.sql"])
        XCTAssertEqual(try notes(), 2)
    }

    func testABackupSummarisesTheVerySnapshot() throws {
        let world = try noted()
        let taken = try world.database.backUp(world.live, to: "\(world.root)/\(world.database.payloadName)")
        XCTAssertEqual(taken.summary, try world.database.summarise(world.live))
        XCTAssertEqual(taken.migrations, try world.database.appliedMigrations(world.live))
    }

    func testARowMoreIsSeen() throws {
        let world = try noted()
        let before = try world.database.summarise(world.live)
        try add("0002_more.sql")
        XCTAssertFalse(try world.database.summarise(world.live).differences(from: before).isEmpty)
    }

    func testWhatComesBackIsWhatWasTaken() throws {
        let (world, copy) = (try noted(), try world.beside(1))
        let payload = "\(world.root)/\(world.database.payloadName)"
        let taken = try world.database.backUp(world.live, to: payload)
        try add("0002_more.sql")
        try world.database.restore(payload, to: copy)
        XCTAssertEqual(try world.database.summarise(copy), taken.summary)
        XCTAssertEqual(try world.database.appliedMigrations(copy), taken.migrations)
        XCTAssertGreaterThan(world.database.size(copy), 0)
    }

    func testACopyHoldsTheSame() throws {
        let (world, copy) = (try noted(), try world.beside(1))
        try world.database.copy(world.live, to: copy)
        XCTAssertEqual(try world.database.summarise(copy), try world.database.summarise(world.live))
    }

    func testWhatStandsBesideTheLiveOneIsFound() throws {
        let world = try noted()
        XCTAssertEqual(try world.database.siblings(of: world.live), [])
        try world.database.create(world.beside(2))
        XCTAssertEqual(try world.database.siblings(of: world.live), [world.beside(2)])
    }

    func testASwapExchangesNamesAndMayBeRepeatedAndTakenBack() throws {
        let (world, next, retired) = (try noted(), try world.beside(1), try world.beside(2))
        try world.database.create(next)
        let (old, new) = (
            try world.database.summarise(world.live).tables, try world.database.summarise(next).tables
        )
        for _ in 1...2 {
            try world.database.swap(world.live, with: next, keeping: retired)
            XCTAssertEqual(try world.database.summarise(world.live).tables, new)
            XCTAssertEqual(try world.database.summarise(retired).tables, old)
            XCTAssertFalse(try world.database.exists(next))
        }
        try world.database.swap(world.live, with: retired, keeping: next)
        XCTAssertEqual(try world.database.summarise(world.live).tables, old)
    }

    func testEndingWhatOthersDoHarmsNothing() throws {
        let world = try noted()
        let before = try world.database.summarise(world.live)
        try world.database.endMigration(in: world.live)
        try world.database.endSessions(in: world.live)
        XCTAssertEqual(try world.database.summarise(world.live), before)
    }

    func testWhatAMaskLeavesIsCounted() throws {
        let (world, copy) = (try noted(), try world.beside(1))
        try add("0002_more.sql")
        try world.database.copy(world.live, to: copy)
        func proof(_ column: ColumnName) throws -> MaskingProof {
            try world.database.survivors(of: [column], original: world.live, masked: copy)
        }
        let text = ColumnName(table: "note", column: "text")
        XCTAssertEqual(try proof(text).columns, [.init(name: text, values: 2)])
        XCTAssertEqual(try proof(text).survivors, [.init(place: text, origin: text, rows: 2)])
        try mask(copy, "DELETE FROM note; INSERT INTO note VALUES ('nobody');")
        XCTAssertEqual(try proof(text).survivors, [])
        expectError(.invalidDefinition, "an unknown column") {
            _ = try proof(ColumnName(table: "note", column: "none"))
        }
    }

    func testAFileIsNotRecordedAndFailsAtItsFirstError() throws {
        let world = try noted()
        try mask(world.live, "DELETE FROM note;")
        XCTAssertEqual(try notes(), 0)
        XCTAssertEqual(try world.database.appliedMigrations(world.live).map(\.name), [Self.first.name])
        expectError(.stepFailed, "a file that fails") {
            try mask(world.live, "INSERT INTO none VALUES ('x');")
        }
    }

    func testACompactedBackupIsAdoptedWithAllItsRows() throws {
        let world = try noted()
        let payload = "\(world.root)/\(world.database.payloadName)"
        try world.database.compact(world.live)
        let taken = try world.database.backUp(world.live, to: payload).summary
        try world.database.adopt(payload, to: world.beside(1), atMost: nil)
        XCTAssertEqual(try world.database.summarise(world.beside(1)).tables, taken.tables)
    }

    func testRemovingTakesAllAndMayBeRepeated() throws {
        let world = try noted()
        for _ in 1...2 {
            try world.database.remove(world.live)
            XCTAssertFalse(try world.database.exists(world.live))
            XCTAssertEqual(world.database.size(world.live), 0)
        }
    }
}

extension DatabaseContract {
    private static let first = MigrationFile(
        name: "0001_note.sql", sql: "CREATE TABLE note (text TEXT);\nINSERT INTO note VALUES ('one');")

    /// The world with a live database of one note, made by one migration.
    private func noted() throws -> World {
        let world = try world
        try world.database.create(world.live)
        try world.database.apply(Self.first, to: world.live)
        return world
    }

    /// Adds a second note.
    private func add(_ name: String) throws {
        try world.database.apply(
            MigrationFile(name: name, sql: "INSERT INTO note VALUES ('two');"), to: world.live)
    }

    private func mask(_ location: DatabaseLocation, _ sql: String) throws {
        try world.database.run(SQLFile(name: "mask.sql", sql: sql, isDiscreet: true), in: location)
    }

    private func notes() throws -> Int64? {
        try world.database.summarise(world.live).tables.first { $0.name == "note" }?.rows
    }
}
