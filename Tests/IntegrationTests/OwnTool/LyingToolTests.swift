import DeployTestSupport
import Foundation
import XCTest

/// A tool's word counts for nothing: what its status shows afterwards does.
final class LyingToolTests: XCTestCase {
    func testEachLieIsCaught() throws {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.promote()
        try shop.stage("two")
        let lies: [(mood: StandInTool.Mood, says: String, code: Int32)] = [
            (.liar, "status says: release \(one) is running", 15),
            (.other, "release 20200101000000 is running", 16),
            (.hanging, "did not end before its deadline", 15),
            (.late, "crashed after the upload", 15),
            (.failing, "is failed", 16),
            (.babbling, "did not print one JSON object: Current deployment:", 16),
            (.flooding, "printed more than 64 kB", 16),
        ]
        for lie in lies {
            do { try expectRefused(lie.mood, in: shop, keeping: one, says: lie.says, code: lie.code) } catch {
                throw Unexpected("\(lie.mood): \(error)")
            }
        }
    }

    /// Production fails, says why, and has release one again.
    private func expectRefused(
        _ mood: StandInTool.Mood, in shop: ToolShop, keeping one: String, says: String, code: Int32
    ) throws {
        try shop.become(mood, in: "production")
        let run = try shop.run("production", "--confirm", "CONFIRM").expect(code)
        try expect(run.errors.contains(says), run.errors)
        try expect(!run.errors.contains(ToolShop.token), "a secret is quoted: \(run.errors)")
        try shop.become(.honest, in: "production")
        if code == 16 { try shop.run("abort", "production").expect(0) }
        try expectEqual(try shop.world("production").release, one, "what the tool has")
        let (status, place) = try shop.status("production")
        try expectEqual(status, 0, "status")
        try expectEqual(place.release, one, "what deployctl says")
    }

    /// The release ran before, so that its name proves nothing.
    func testARestartThatChangesNothingIsNotBelieved() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        try shop.become(.liar, in: "staging")
        let run = try shop.run("restart", "staging").expect(15)
        XCTAssertTrue(run.errors.contains("in deployment 1 as before"), run.errors)
        XCTAssertEqual(try shop.world("staging").deployment, "1", "it was brought once more")
        XCTAssertEqual(try shop.status("staging").code, 0)
        try shop.become(.nameless, in: "staging")
        for mood in [StandInTool.Mood.nameless, .namelessLiar] {
            try shop.become(mood, in: "staging")
            let blind = try shop.run("restart", "staging").expect(0)
            XCTAssertTrue((blind.output + blind.errors).contains("warning: nobody can tell"), blind.errors)
        }
    }

    /// What it was told last is done late, and its status names the release before until then.
    func testWhatLandsLateIsTakenBack() throws {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.promote()
        let two = try shop.stage("two")
        try shop.become(.tardy, in: "production")
        _ = shop.takeCalls("production")
        try shop.run("production", "--confirm", "CONFIRM").expect(15)
        XCTAssertEqual(try shop.world("production").release, one)
        let back = shop.takeCalls("production").first { $0.hasPrefix("rollback") }
        XCTAssertEqual(back, "rollback \(one) \(two) as \(one) of production after \(two)")
        XCTAssertEqual(try shop.status("production").code, 0)
    }

    /// Who failed to go back goes forward again.
    func testARollbackThatFailedIsTakenBackByDeploying() throws {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.promote()
        let two = try shop.stage("two")
        try shop.promote()
        try shop.become(.tardy, in: "production")
        _ = shop.takeCalls("production")
        try shop.run("rollback", one, "--confirm", "CONFIRM").expect(15)
        XCTAssertEqual(try shop.world("production").release, two)
        let changes = shop.takeCalls("production").filter {
            $0.hasPrefix("deploy") || $0.hasPrefix("rollback")
        }
        guard changes.count == 2 else { return XCTFail("\(changes)") }
        XCTAssertTrue(changes[0].hasPrefix("rollback \(one) \(two) "), changes[0])
        XCTAssertTrue(changes[1].hasPrefix("deploy \(two) "), changes[1])
        XCTAssertTrue(changes[1].hasSuffix(" after \(one)"), changes[1])
    }

    func testALiarOfTheFirstDeploymentIsCaught() throws {
        let shop = try ToolShop(for: self)
        try shop.become(.liar, in: "staging")
        let run = try shop.run("staging").expect(15)
        XCTAssertTrue(run.errors.contains("nothing is deployed"), run.errors)
        try shop.become(.other, in: "staging")
        let other = try shop.run("staging").expect(16)
        XCTAssertTrue(other.errors.contains("what nobody handed to it"), other.errors)
    }

    func testAFirstDeploymentThatNothingStopsNeedsAPerson() throws {
        let shop = try ToolShop(for: self, stops: false)
        try shop.become(.late, in: "staging")
        let run = try shop.run("staging").expect(16)
        XCTAssertTrue(run.errors.contains("has no \"stop\""), run.errors)
        XCTAssertFalse(run.errors.contains(ToolShop.token), run.errors)
        XCTAssertTrue(run.errors.contains("stop it with the tool itself; then deployctl abort"), run.errors)
        try shop.become(.honest, in: "staging")
        try FileManager.default.removeItem(atPath: "\(shop.folder)/staging.world")
        try shop.run("staging").expect(0)
        try shop.run("stop", "staging").expect(10)
    }
}
