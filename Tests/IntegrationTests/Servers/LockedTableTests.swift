import DeployTestSupport
import Foundation
import XCTest

/// Whoever waits for a table in vain is told which, who has it, and how that is ended.
final class LockedTableTests: XCTestCase {
    func testALockedTableOfPostgreSQLIsNamedWithWhoHoldsIt() throws {
        try locked(
            .postgresql, "BEGIN; LOCK TABLE item IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(100);",
            who: "table public.item is held by session ", end: #/pg_terminate_backend\([0-9]+\)/#)
    }

    func testALockedTableOfMySQLIsNamedWithWhoHoldsIt() throws {
        try locked(
            .mysql, "LOCK TABLES item WRITE; SELECT SLEEP(100);", who: "table item is held by session ",
            end: #/KILL [0-9]+/#)
    }

    /// One who reads for long is not waited for by everybody else, and what he keeps from running is taken back.
    func testAMigrationThatWaitsForATableLetsOthersByAndNamesWhoHoldsIt() throws {
        let world = try ServerShop(.postgresql, for: self)
        let (shop, name) = (world.shop, world.database("production"))
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(
            version: "two", migration: ("V0002_price", "ALTER TABLE item ADD COLUMN price int;\n"))
        try shop.run("staging").expect(0)
        let holder = try world.start("BEGIN; SELECT count(*) FROM item; SELECT pg_sleep(300);", in: name)
        defer { holder.terminate() }
        let promotion = try shop.start([shop.binary, "production", "--confirm", "CONFIRM"])
        XCTAssertTrue(
            eventually(within: 60) {
                (try? world.sql(
                    "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE datname = '\(name)' AND NOT granted;"
                ).isEmpty) == false
            }, promotion.output)
        try world.sql("SET statement_timeout = '20s'; SELECT count(*) FROM item;", in: name)
        XCTAssertNil(promotion.ended(), "it waits on")
        let failed = try promotion.wait(upTo: 120).expect(15)
        XCTAssertTrue(failed.errors.contains("table public.item is held by session "), failed.errors)
        XCTAssertTrue(failed.errors.contains("nothing of it stays"), failed.errors)
        XCTAssertEqual(try shop.version("production"), "one")
        let line = try XCTUnwrap(failed.errors.firstMatch(of: #/pg_terminate_backend\([0-9]+\)/#)).output
        try world.sql("SELECT \(line);")
        try shop.promote()
        XCTAssertEqual(try shop.version("production"), "two")
    }

    private func locked(
        _ engine: DatabaseServer.Engine, _ sql: String, who: String, end: Regex<Substring>
    ) throws {
        let world = try ServerShop(engine, for: self)
        let (shop, name) = (world.shop, world.database("production"))
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("hush-hush", to: "production")
        let holder = try world.start("\(sql) -- hush-hush", in: name)
        defer { holder.terminate() }
        XCTAssertTrue(
            eventually(within: 10) { (try? world.sessions().contains { $0.contains("100") }) == true })
        let failed = try shop.run("backup", "create", "production").expect(14)
        XCTAssertTrue(failed.errors.contains(who), failed.errors)
        XCTAssertNotNil(failed.errors.firstMatch(of: end), failed.errors)
        XCTAssertFalse(failed.errors.contains("hush-hush"), failed.errors)
        let line = try XCTUnwrap(failed.errors.firstMatch(of: end)).output
        try world.sql(engine == .mysql ? "\(line);" : "SELECT \(line);")
        try shop.run("backup", "create", "production").expect(0)
    }
}
