import DeployTestSupport
import Foundation
import XCTest

/// What is interrupted while its database is sick waits for that, and every verb says so.
final class DatabaseFirstTests: XCTestCase {
    func testAnInterruptedPromotionWaitsForItsDatabaseAndThenGoesOn() throws {
        let world = try interrupted()
        let shop = world.shop
        let status = try shop.run("status", "production").expect(18)
        XCTAssertTrue(status.output.contains("next: mend the database first: "), status.output)
        let restart = try shop.run("restart", "production").expect(18)
        XCTAssertTrue(restart.errors.contains("mend the database first: "), restart.errors)
        let resume = try shop.run("resume", "production").expect(12)
        XCTAssertTrue(resume.errors.contains("LOGIN'; then deployctl resume production"), resume.errors)
        try mend(world)
        try shop.run("resume", "production").expect(0)
        XCTAssertEqual(try shop.version("production"), "two")
    }

    func testAnAbortedPromotionSaysWhatMakesTheOldReleaseServe() throws {
        let world = try interrupted()
        let shop = world.shop
        let abort = try shop.run("abort", "production").expect(16)
        XCTAssertTrue(abort.errors.contains("LOGIN'; then deployctl restart production"), abort.errors)
        try shop.run("abort", "production").expect(0)
        try mend(world)
        try shop.run("restart", "production").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
        XCTAssertEqual(try world.databases().count, 2)
    }

    /// Killed in the middle of a promotion, and the application is let in no more.
    private func interrupted() throws -> ServerShop {
        let world = try ServerShop(.postgresql, for: self)
        let shop = world.shop
        try shop.replace(
            "return int(text(\"health\")), {}", with: "ask(\"SELECT 1;\"); return int(text(\"health\")), {}",
            in: "app/server.py")
        try shop.replace("\"timeout\": \"10s\"", with: "\"timeout\": \"6s\"", in: "environments/base.json")
        try shop.commit("Ask the database at the health path")
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let killed = try shop.run(
            killedAt: CrashPoint(commit: 5, side: .after), ["production", "--confirm", "CONFIRM"])
        XCTAssertNotEqual(killed.status, 0)
        try world.sql("ALTER ROLE \(world.database("production")) NOLOGIN;")
        return world
    }

    private func mend(_ world: ServerShop) throws {
        try world.sql("ALTER ROLE \(world.database("production")) LOGIN;")
    }
}
