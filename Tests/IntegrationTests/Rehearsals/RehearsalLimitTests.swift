import DeployTestSupport
import Foundation
import XCTest

/// A migration that is quick on staging's few rows and would take ten minutes on production's.
final class RehearsalLimitTests: XCTestCase {
    func testASlowMigrationOfSQLiteIsEndedAtTheLimit() throws {
        let shop = try DeployctlFixture(for: self)
        try refuse(
            shop,
            """
            CREATE TABLE slow AS WITH RECURSIVE n (i) AS
                (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1 + 10000000000 * (SELECT count(*) FROM item))
                SELECT count(*) AS n FROM n;
            """)
    }

    func testASlowMigrationOfMySQLIsEndedAtTheLimit() throws {
        let world = try ServerShop(.mysql, for: self)
        let databases = try refuse(
            world.shop,
            "CREATE TABLE more (n INT); DO SLEEP(600 * (SELECT COUNT(*) FROM item)); CREATE TABLE most (n INT);",
            world)
        XCTAssertEqual(try world.databases(), databases)
    }

    func testASlowMigrationOfPostgreSQLIsEndedAtTheLimit() throws {
        let world = try ServerShop(.postgresql, for: self)
        let databases = try refuse(
            world.shop, "CREATE TABLE more (n int); SELECT pg_sleep(600 * (SELECT count(*) FROM item));",
            world)
        XCTAssertEqual(try world.databases(), databases)
    }

    @discardableResult
    private func refuse(
        _ shop: DeployctlFixture, _ sql: String, _ world: ServerShop? = nil
    ) throws -> [String] {
        try shop.replace(
            "\"logs\":", with: "\"migrations\": {\"limit\": \"2s\"}, \"logs\":",
            in: "environments/production.json")
        try shop.commit([:])
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        let databases = try world?.databases() ?? []
        try shop.commit(version: "two", migration: ("V0002_slow", sql))
        try shop.run("staging").expect(0)
        let before = try shop.world("production")
        let run = try shop.run("production", "--confirm", "CONFIRM", deadline: 120)
        try run.expect(12)
        XCTAssertTrue(run.errors.contains("had passed when what still ran was ended"), run.errors)
        XCTAssertTrue(
            run.errors.contains("\"migrations.limit\" is 2s; the live database was not touched"), run.errors)
        XCTAssertEqual(try shop.world("production"), before)
        XCTAssertEqual(try shop.status("production").place.state, "healthy")
        return databases
    }
}
