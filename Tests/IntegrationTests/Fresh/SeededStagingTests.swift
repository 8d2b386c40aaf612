import DeployTestSupport
import Foundation
import XCTest

/// Staging on a file of the release.
final class SeededStagingTests: XCTestCase {
    func testStagingBeginsFromAFileOnSQLite() throws { try tell(nil) }

    func testStagingBeginsFromAFileOnMySQL() throws { try tell(.mysql) }

    func testStagingBeginsFromAFileOnPostgreSQL() throws { try tell(.postgresql) }

    private func tell(_ engine: DatabaseServer.Engine?) throws {
        let world = try FreshWorld(engine, for: self)
        let shop = world.shop
        try world.begin(from: "\"from\": \"db/seed.sql\"")
        try shop.commit(
            [
                "db/seed.sql":
                    "CREATE TABLE sample (text VARCHAR(50));\nINSERT INTO sample VALUES ('seeded')",
                "migrations/V0002_copy.sql": "INSERT INTO item (text) SELECT text FROM sample;\n",
            ], "Seed")
        try shop.run("staging").expect(0)
        XCTAssertEqual(try shop.items("staging"), ["seeded"])
        try shop.post("passing", to: "staging")
        for (seed, says) in [
            ("CREATE TABLE sample (text VARCHAR(50));\nINSERT INTO none VALUES (1);\n", "db/seed.sql fails"),
            (nil, "has no file db/seed.sql"),
        ] {
            try shop.commit(["db/seed.sql": seed], says)
            let run = try shop.run("staging").expect(15, says)
            XCTAssertTrue(run.errors.contains(says), run.errors)
            XCTAssertEqual(try shop.items("staging"), ["seeded", "passing"], "the old staging serves on")
        }
        try shop.commit(["db/seed.sql": "CREATE TABLE sample (text VARCHAR(50));\n"], "An empty seed")
        try shop.run("staging").expect(0)
        XCTAssertEqual(try shop.items("staging"), [], "nothing of before is there")
        try world.expectConsistent("staging")
    }
}
