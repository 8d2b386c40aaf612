import DeployTestSupport
import Foundation
import XCTest

/// A tool's word counts for nothing: what its status shows afterwards does.
final class LyingToolTests: XCTestCase {
    private func shop() throws -> (shop: ToolShop, one: String) {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.promote()
        try shop.stage("two")
        return (shop, one)
    }

    /// Production fails, says why, and has release one again.
    private func expectRefused(_ mood: StandInTool.Mood, says: String, code: Int32 = 15) throws {
        let (shop, one) = try shop()
        try shop.become(mood, in: "production")
        let run = try shop.run("production", "--confirm", "CONFIRM").expect(code, "\(mood)")
        XCTAssertTrue(run.errors.contains(says), run.errors)
        XCTAssertFalse(run.errors.contains(ToolShop.token), "a secret is quoted: \(run.errors)")
        try shop.become(.honest, in: "production")
        if code == 16 { try shop.run("abort", "production").expect(0, "\(mood)") }
        XCTAssertEqual(try shop.world("production").release, one, "\(mood)")
        let (status, place) = try shop.status("production")
        XCTAssertEqual(status, 0, "\(mood)")
        XCTAssertEqual(place.release, one)
    }

    func testALiarIsCaught() throws { try expectRefused(.liar, says: "release ") }

    func testALiarOfTheFirstDeploymentIsCaught() throws {
        let shop = try ToolShop(for: self)
        try shop.become(.liar, in: "staging")
        let run = try shop.run("staging").expect(15)
        XCTAssertTrue(run.errors.contains("nothing is deployed"), run.errors)
    }

    func testAnotherReleaseIsCaughtAndTakenBack() throws {
        try expectRefused(.other, says: "release 20200101000000 is running", code: 16)
    }

    func testAHangingToolIsEnded() throws {
        try expectRefused(.hanging, says: "did not end before its deadline")
    }

    func testAToolThatFailsAfterItDeployedIsTakenBack() throws {
        try expectRefused(.late, says: "crashed after the upload")
    }

    func testWhatFailsToStartIsSaidAtOnce() throws {
        try expectRefused(.failing, says: "is failed", code: 16)
    }

    func testAStatusThatIsNoJSONIsQuoted() throws {
        try expectRefused(.babbling, says: "did not print one JSON object: Current deployment:", code: 16)
    }

    func testAStatusThatFloodsIsCutShort() throws {
        try expectRefused(.flooding, says: "printed more than 64 kB", code: 16)
    }
}
