import DeployTestSupport
import Foundation
import XCTest

/// The database that a tool's release uses goes back with it.
final class OwnToolDataTests: XCTestCase {
    private func shop() throws -> ToolShop {
        let shop = try ToolShop(
            for: self,
            " \"database\": {\"engine\": \"sqlite\", \"file\": \"data/app.db\"}, \"migrations\": {\"directory\": \"migrations\"},"
        )
        try shop.commit(["migrations/V0001_item.sql": "CREATE TABLE item (text TEXT NOT NULL);\n"])
        return shop
    }

    private func items(_ shop: ToolShop, adding item: String? = nil) throws -> String {
        let database = try String(contentsOfFile: "\(shop.folder)/production.world.database", encoding: .utf8)
        let sql = (item.map { "INSERT INTO item VALUES ('\($0)');" } ?? "") + "SELECT text FROM item;"
        return try shop.runProgram(["sqlite3", database, sql]).expect(0).output
    }

    func testARollbackStopsTheToolPutsDataBackAndDeploysTheOlderRelease() throws {
        try require("sqlite3")
        let shop = try shop()
        let one = try shop.stage("one")
        try shop.promote()
        XCTAssertEqual(try items(shop, adding: "first"), "first\n")
        try shop.stage("two")
        try shop.promote()
        XCTAssertEqual(try items(shop, adding: "second"), "first\nsecond\n")
        _ = shop.takeCalls("production")
        try shop.run("rollback", one, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try items(shop), "first\n")
        XCTAssertEqual(try shop.world("production").version, "one")
        let calls = shop.takeCalls("production").filter { !$0.hasPrefix("status") && !$0.hasPrefix("health") }
        XCTAssertEqual(calls.map { String($0.prefix { $0 != " " }) }, ["stop", "rollback"])
        XCTAssertEqual(try shop.status("production").code, 0)
    }

    func testARollbackThatFailsBringsReleaseAndDataBack() throws {
        try require("sqlite3")
        let shop = try shop()
        let one = try shop.stage("one")
        try shop.promote()
        let two = try shop.stage("two")
        try shop.promote()
        XCTAssertEqual(try items(shop, adding: "second"), "second\n")
        try shop.become(.failing, in: "production")
        try shop.run("rollback", one, "--confirm", "CONFIRM").expect(16)
        try shop.become(.honest, in: "production")
        try shop.run("abort", "production").expect(0)
        XCTAssertEqual(try shop.world("production").release, two)
        XCTAssertEqual(try items(shop), "second\n")
        XCTAssertEqual(try shop.status("production").code, 0)
    }

    func testWhatHasOnePlaceIsNotRehearsed() throws {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.promote()
        try shop.stage("two")
        try shop.promote()
        let before = try shop.world("production")
        let run = try shop.run("rollback", one, "--dry-run", "--rehearse").expect(12)
        XCTAssertTrue(run.errors.contains("one place for a release"), run.errors)
        XCTAssertEqual(try shop.world("production"), before)
    }
}
