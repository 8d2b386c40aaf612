import DeployTestSupport
import XCTest

/// What was interrupted is settled by a person before anything is promoted, and `status` says so.
final class UnfinishedPromotionTests: XCTestCase {
    func testNothingIsReadyBeforeItIsSettled() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        _ = try shop.run(
            killedAt: CrashPoint(commit: 8, side: .after), ["production", "--confirm", "CONFIRM"])
        let status = try shop.run("status").expect(18)
        XCTAssertNotNil(status.output.firstMatch(of: /promotion +refused/), status.output)
        XCTAssertNotNil(status.output.firstMatch(of: /refused +unfinished/), status.output)
        XCTAssertTrue(status.output.contains("deployctl resume production"), status.output)
        try shop.run("abort", "production").expect(0)
        let settled = try shop.run("status")
        XCTAssertNotNil(settled.output.firstMatch(of: /promotion +ready/), settled.output)
    }
}
