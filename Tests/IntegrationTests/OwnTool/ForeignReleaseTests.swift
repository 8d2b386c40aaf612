import DeployTestSupport
import Foundation
import XCTest

/// What the tool has and nobody here handed to it is nobody's to stop.
final class ForeignReleaseTests: XCTestCase {
    private func put(_ world: String, in shop: ToolShop) throws {
        try world.write(toFile: "\(shop.folder)/staging.world", atomically: true, encoding: .utf8)
    }

    func testAFirstDeploymentThatFailsStopsNothingThatRanBefore() throws {
        let shop = try ToolShop(for: self)
        try put("{\"release\": \"by-hand\", \"state\": \"running\"}\n", in: shop)
        try shop.become(.late, in: "staging")
        let run = try shop.run("staging").expect(16)
        XCTAssertTrue(run.errors.contains("named release by-hand before"), run.errors)
        XCTAssertFalse(shop.takeCalls("staging").contains { $0.hasPrefix("stop") }, "it was stopped")
        XCTAssertEqual(try shop.world("staging").state, "running")
    }

    func testWhatAnotherDeployedIsNotSaidToHaveStopped() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        try put("{\"release\": \"by-hand\", \"state\": \"running\"}\n", in: shop)
        let stopped = try shop.run("stop", "staging").expect(12).expectExplained()
        XCTAssertTrue(stopped.errors.contains("release by-hand is running"), stopped.errors)
        XCTAssertEqual(try shop.world("staging").release, "by-hand")
    }

    /// One place for both would show production what staging runs.
    func testAnAnswerOfAnotherEnvironmentIsNotBelieved() throws {
        let shop = try ToolShop(for: self)
        let release = try shop.stage("one")
        XCTAssertEqual(try shop.status("staging").code, 0)
        func world(_ environment: String) -> String {
            "{\"release\": \"\(release)\", \"state\": \"running\", \"environment\": \"\(environment)\"}\n"
        }
        try put(world("staging"), in: shop)
        XCTAssertEqual(try shop.status("staging").code, 0)
        try put(world("production"), in: shop)
        XCTAssertEqual(try shop.status("staging").code, 19)
    }
}
