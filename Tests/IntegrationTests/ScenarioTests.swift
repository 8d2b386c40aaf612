import DeployTestSupport
import Foundation
import XCTest

/// What happens to people's data and requests, told end to end.
final class ScenarioTests: XCTestCase {
    func testABrokenReleaseLeavesTheOldOneServing() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.post("kept", to: "staging")
        let traffic = LiveTraffic(port: shop.port("staging"))
        try shop.commit(["app/health": "503", "app/version": "broken"])
        let run = try shop.run("staging").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("/health answers 503"), run.errors)
        try traffic.expectUnharmed("a broken release")
        XCTAssertGreaterThan(traffic.stop(), 0)
        XCTAssertEqual(try shop.world("staging"), World(version: "one", items: ["kept"]))
        try shop.expectConsistent("staging")
    }

    func testAFailingMigrationLeavesTheDataUntouched() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try shop.post("kept", to: "staging")
        let before = try shop.world("staging")
        try shop.commit(
            version: "three",
            migration: ("V0003_slip", "DELETE FROM item;\nUPDATE itms SET colour = 'red';\n"))
        let run = try shop.run("staging").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("V0003_slip.sql"), run.errors)
        XCTAssertEqual(try shop.world("staging"), before)
        try shop.expectConsistent("staging")
    }

    func testAMigrationThatFailsOnProductionsDataIsFoundInTheRehearsal() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try shop.post("second", to: "production")
        try shop.commit(
            version: "three", migration: ("V0003_unique", "CREATE UNIQUE INDEX one_of ON item (text);\n"))
        try shop.run("staging").expect(0)
        let run = try shop.unharmed("production", "--confirm", "CONFIRM").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("V0003_unique.sql"), run.errors)
        try shop.expectConsistent("production")
    }

    func testARollbackBringsCodeAndDataBackTogetherAndItsUndoTheNewerState() throws {
        let shop = try DeployctlFixture(for: self)
        let older = try shop.deployTwoReleases()
        let backedUp = try shop.newestContents("production")
        let (newer, contents) = try (shop.world("production"), shop.contents("production"))
        let traffic = LiveTraffic(port: shop.port("production"))
        let rollback = try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "one", items: ["first"]))
        XCTAssertEqual(try shop.contents("production"), backedUp)
        try shop.expectConsistent("production")

        let undo = try XCTUnwrap(
            rollback.errors.split(separator: "\n").first { $0.hasPrefix("To undo: deployctl ") },
            rollback.errors)
        let words = undo.dropFirst("To undo: deployctl ".count).split(separator: " ").map(String.init)
        try shop.run(words + ["--confirm", "CONFIRM"]).expect(0)
        XCTAssertEqual(try shop.world("production"), newer)
        XCTAssertEqual(try shop.contents("production"), contents)
        try shop.expectConsistent("production")
        try traffic.expectUnharmed("a rollback and its undo")
        XCTAssertGreaterThan(traffic.stop(), 0)
    }

    func testTheSameIdempotencyKeyDeploysOnce() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging", "--idempotency-key", "job-7").expect(0)
        try shop.commit(version: "two")
        let again = try shop.run("staging", "--idempotency-key", "job-7").expect(0)
        XCTAssertTrue(again.errors.contains("did this already"), again.errors)
        XCTAssertEqual(try shop.version("staging"), "one")
        try shop.run("staging", "--idempotency-key", "job-8").expect(0)
        XCTAssertEqual(try shop.version("staging"), "two")
    }

    func testAnIdempotencyKeyOfAnotherVerbNeverSaysDone() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging", "--idempotency-key", "job-7").expect(0)
        let calls = [
            ["staging", "--ref", "HEAD~0"], ["production", "--confirm", "CONFIRM"], ["restart", "staging"],
            ["backup", "create", "staging"], ["stop", "staging"],
        ]
        for call in calls {
            try shop.run(call + ["--idempotency-key", "job-7"]).expect(2).expectExplained()
        }
        XCTAssertEqual(shop.get("/version", from: "production").status, 0, "nothing was deployed there")
        try shop.run("production", "--dry-run", "--idempotency-key", "job-9").expect(0)
        try shop.run("production", "--confirm", "CONFIRM", "--idempotency-key", "job-9").expect(0)
        XCTAssertEqual(try shop.version("production"), "one", "a dry run uses no key")
    }
}
