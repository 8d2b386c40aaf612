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
