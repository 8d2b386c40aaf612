import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class SQLiteMigrationTests: SQLiteFixture {
    private let statements = [
        "CREATE TABLE a (n INTEGER PRIMARY KEY)", "INSERT INTO a VALUES (1)", "CREATE INDEX i ON a (n)",
        "ALTER TABLE a ADD COLUMN m TEXT DEFAULT 'x;y'", "CREATE VIEW v AS SELECT n FROM a",
    ]

    func testAFailureAtAnyStatementLeavesNothing_T25() throws {
        try database.create(live)
        let before = try database.summarise(live)
        for position in 0...statements.count {
            for broken in [
                "NONSENSE", "INSERT INTO nowhere VALUES (1)", "COMMIT", "END; BEGIN", "SELECT 'open",
            ] {
                var script = statements
                script.insert(broken, at: position)
                let file = MigrationFile(name: "1.sql", sql: script.joined(separator: ";\n"))
                expectError(.stepFailed, "\(broken) at \(position)") { try database.apply(file, to: live) }
                XCTAssertEqual(try database.summarise(live), before, "\(broken) at \(position)")
            }
        }
        try database.apply(MigrationFile(name: "1.sql", sql: statements.joined(separator: ";\n")), to: live)
        XCTAssertEqual(try database.appliedMigrations(live).map(\.name), ["1.sql"])
    }

    func testOneMigrationAppliedByManyAtOnceRunsOnce_T26() throws {
        let rounds = StoredBackups.count(500, sample: 5)
        for round in 0..<rounds {
            let (place, database) = (location("many\(round).db"), database)
            try write("CREATE TABLE a (n)", to: place)
            let file = MigrationFile(name: "1.sql", sql: "INSERT INTO a VALUES (1)")
            DispatchQueue.concurrentPerform(iterations: 16) { _ in try? database.apply(file, to: place) }
            XCTAssertEqual(try database.summarise(place).tables.first { $0.name == "a" }?.rows, 1)
            XCTAssertEqual(try database.appliedMigrations(place).count, 1)
        }
        print("T26 SQLite: 16 at once, \(rounds) rounds, each applied once")
    }
}
