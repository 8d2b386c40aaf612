import DeployTestSupport
import Foundation
import XCTest

/// Where nobody can tell, nothing is claimed, and what can still be done is.
final class SilentToolTests: XCTestCase {
    /// Its first look is the fifth time that the status is asked.
    private func watched() throws -> ToolShop {
        let shop = try ToolShop(for: self)
        try shop.replace("\"watch\": \"0s\"", with: "\"watch\": \"3s\"", in: "environments/base.json")
        return shop
    }

    func testOneSilentLookOfAWatchIsBorne() throws {
        let shop = try watched()
        try shop.fallSilent(5...5, in: "staging")
        let run = try shop.run("staging").expect(0)
        let looks = try XCTUnwrap((run.output + run.errors).firstMatch(of: #/healthy in (\d+) looks/#))
        XCTAssertLessThanOrEqual(try XCTUnwrap(Int(looks.1)), 4, "a tool elsewhere is asked less often")
        XCTAssertEqual(shop.takeCalls("staging").filter { $0 == "no answer" }.count, 1)
    }

    func testAWatchInWhichNobodyCouldTellFails() throws {
        let shop = try watched()
        try shop.fallSilent(5...900, in: "staging")
        let run = try shop.run("staging").expect(16)
        XCTAssertTrue(run.errors.contains("nobody can tell whether it runs"), run.errors)
        XCTAssertTrue(run.errors.contains("no network"), run.errors)
    }

    func testARecordThatCannotBeReadIsNotTakenForNone() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        let place = "\(shop.project)/.deployctl/staging/run"
        let id = try FileManager.default.contentsOfDirectory(atPath: place).filter {
            $0.first?.isNumber == true
        }
        let path = "\(place)/\(try XCTUnwrap(id.first))/handed.json"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try Data(whole.prefix(40)).write(to: URL(fileURLWithPath: path))
        let (code, status) = try shop.status("staging")
        XCTAssertEqual(code, 19)
        XCTAssertTrue(status.drift.contains { $0.contains("handed.json") }, "\(status.drift)")
        let stop = try shop.run("stop", "staging").expect(16).expectExplained()
        XCTAssertTrue(stop.errors.contains("handed.json: it is not what deployctl wrote"), stop.errors)
        XCTAssertTrue(stop.errors.contains("put that file back"), stop.errors)
        XCTAssertEqual(try shop.world("staging").state, "running", "nothing was changed")
        try whole.write(to: URL(fileURLWithPath: path))
        try shop.run("stop", "staging").expect(0)
        XCTAssertEqual(try shop.world("staging").state, "stopped")
    }

    func testASecretThatIsGoneKeepsNothingFromStopping() throws {
        let shop = try ToolShop(for: self)
        try shop.write(
            "{\"extends\": \"base.json\", \"secrets\": {\"OTHER\": {\"env\": \"OTHER\"}}}",
            to: "environments/staging.json")
        shop.variables["OTHER"] = "another-secret"
        try shop.stage("one")
        shop.variables["OTHER"] = nil
        try shop.run("restart", "staging").expect(10)
        try shop.run("stop", "staging").expect(0)
        XCTAssertEqual(try shop.world("staging").state, "stopped")
    }
}
