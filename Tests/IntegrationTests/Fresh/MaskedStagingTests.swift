import DeployTestSupport
import Foundation
import XCTest

/// Staging on production's newest backup, and never on what somebody wrote there.
final class MaskedStagingTests: XCTestCase {
    private let real = ["ann@example.org", "bob@example.org"]
    private let good = "UPDATE item SET text = CONCAT('user', id);\n"
    private let fresh =
        "\"from\": \"production\", \"mask\": [\"db/mask.sql\"], \"masked\": [\"item.text\"]"

    func testStagingRunsOnMaskedDataOfSQLite() throws { try tell(nil) }

    func testStagingRunsOnMaskedDataOfMySQL() throws { try tell(.mysql) }

    func testStagingRunsOnMaskedDataOfPostgreSQL() throws { try tell(.postgresql) }

    private func tell(_ engine: DatabaseServer.Engine?) throws {
        let world = try FreshWorld(engine, for: self)
        let shop = world.shop
        try shop.run("staging").expect(0)
        try shop.promote()
        for item in real { try shop.post(item, to: "production") }
        try world.begin(from: fresh)
        try shop.commit(["db/mask.sql": engine == nil ? sqlite(good) : good], "Mask")
        try refuseWithoutABackup(world)
        try shop.run("backup", "create", "production").expect(0)

        let runs = [try shop.run("plan", "staging").expect(0), try shop.run("staging").expect(0)]
        for title in [
            "into a scratch database", "Mask a copy of it with db/mask.sql", "no value of item.text",
        ] {
            XCTAssertTrue(runs[0].output.contains(title), "\(title): \(runs[0].output)")
        }
        XCTAssertEqual(try shop.items("staging"), ["user1", "user2"])
        XCTAssertEqual(try shop.items("production"), real)
        try world.expectUnseen(real, in: runs)
        try refuseBadMasks(world, engine)
        for environment in ["staging", "production"] { try world.expectConsistent(environment) }
        try goOnFromThere(world)
    }

    private func sqlite(_ mask: String) -> String {
        mask.replacingOccurrences(of: "CONCAT('user', id)", with: "'user' || id")
    }

    private func refuseWithoutABackup(_ world: FreshWorld) throws {
        let run = try world.shop.run("staging").expect(17)
        XCTAssertTrue(run.errors.contains("deployctl backup create production"), run.errors)
        XCTAssertEqual(try world.shop.items("staging"), [])
    }

    private func refuseBadMasks(_ world: FreshWorld, _ engine: DatabaseServer.Engine?) throws {
        let copy = "CREATE TABLE audit AS SELECT text AS note FROM item;\n"
        let masks: [(name: String, sql: String, says: String)] = [
            (
                "one row is forgotten", "UPDATE item SET text = 'x' WHERE id <> 2;\n",
                "item.text still holds 1 row"
            ),
            ("a copy is left", copy + good, "audit.note holds 2 rows with a value of item.text"),
            ("it fails in the middle", good + "UPDATE nothing SET x = 1;\n", "db/mask.sql fails"),
        ]
        for mask in masks {
            try world.shop.commit(["db/mask.sql": engine == nil ? sqlite(mask.sql) : mask.sql], mask.name)
            let run = try world.shop.run("staging").expect(15, mask.name)
            XCTAssertTrue(run.errors.contains(mask.says), "\(mask.name): \(run.errors)")
            XCTAssertEqual(try world.shop.items("staging"), ["user1", "user2"], mask.name)
            try world.expectUnseen(real, in: [run])
            try world.expectNothingLeft()
        }
    }

    /// Back to a good mask, a migration on the masked data, and real data only where it is asked for.
    private func goOnFromThere(_ world: FreshWorld) throws {
        let shop = world.shop
        try shop.commit(["db/mask.sql": "UPDATE item SET text = 'nobody';\n"])
        try shop.commit(
            version: "two", migration: ("V0002_more", "INSERT INTO item (text) VALUES ('migrated');\n"))
        try shop.run("staging").expect(0)
        XCTAssertEqual(try shop.items("staging"), ["nobody", "nobody", "migrated"])
        try world.begin(from: "\"from\": \"production\", \"masked\": []")
        let plan = try shop.run("plan", "staging").expect(0)
        XCTAssertTrue(plan.output.contains("real data of production goes to staging"), plan.output)
        let run = try shop.run("staging").expect(0)
        XCTAssertTrue(run.errors.contains("real data of production goes to staging"), run.errors)
        XCTAssertEqual(try shop.items("staging"), real + ["migrated"])
        if world.server == nil {
            XCTAssertThrowsError(try world.expectUnseen(real, in: []), "what is there is seen")
        }
        try world.expectConsistent("staging")
    }
}
