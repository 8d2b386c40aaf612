import DeployTestSupport
import Foundation
import XCTest

/// T25 for a file: killed between the statements of a migration.
final class KilledMigrationTests: XCTestCase {
    /// Statements around one that takes a while.
    private static let migration = """
        CREATE TABLE mark (id INTEGER PRIMARY KEY);
        INSERT INTO item (text) VALUES ('migrated');
        CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)
            SELECT count(*) AS n FROM n;
        INSERT INTO item (text) VALUES ('to the end');

        """

    func testKilledBetweenStatementsNothingStaysAndItRunsOnce_T25() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.post("kept", to: "staging")
        try shop.commit(version: "two", migration: ("V0002_slow", Self.migration))
        let before = World(version: "one", items: ["kept"])
        for attempt in 0..<(CrashSweep.isSoak ? 10 : 2) {
            let run = try shop.start([shop.binary, "staging"])
            try run.awaitError("Migrate the database: started")
            // The journal is there from the first statement to the commit.
            let began = eventually(within: 30) {
                shop.names(in: ".deployctl/staging/shared/data").contains { $0.hasSuffix("-journal") }
            }
            try expect(began, "the migration begins: \(run.errors)")
            kill(run.pid, SIGKILL)
            try run.wait().expect(-SIGKILL, "attempt \(attempt)")
            try expectEqual(try shop.status("staging").code, 18, "attempt \(attempt)")
            try expectEqual(try shop.world("staging"), before, "attempt \(attempt)")
        }
        try shop.run("staging").expect(0)
        XCTAssertEqual(
            try shop.world("staging"), World(version: "two", items: ["kept", "migrated", "to the end"]))
        try shop.expectConsistent("staging")
    }
}
