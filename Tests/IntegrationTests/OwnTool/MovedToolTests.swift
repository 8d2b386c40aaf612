import DeployTestSupport
import Foundation
import XCTest

/// A definition that deploys elsewhere than the one before.
final class MovedToolTests: XCTestCase {
    private func moved() throws -> (ToolShop, one: String) {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.replace("{environment}.world", with: "{environment}.moved", in: "environments/base.json")
        return (shop, one)
    }

    func testWhatStaysWhereItWasDeployedBeforeIsNamed() throws {
        let (shop, one) = try moved()
        try shop.commit(["version": "two"], "two")
        let run = try shop.run("staging").expect(0)
        let warning = "warning: release \(one) goes on where an earlier definition deployed it"
        XCTAssertTrue((run.output + run.errors).contains(warning), run.output + run.errors)
        XCTAssertEqual(try StandInTool.world(at: "\(shop.folder)/staging.moved").version, "two")
        try shop.commit(["version": "three"], "three")
        let next = try shop.run("staging").expect(0)
        XCTAssertFalse((next.output + next.errors).contains("goes on where"), "it is one place again")
    }

    func testWhatFailsThereIsNotForgottenThere() throws {
        let (shop, one) = try moved()
        try shop.commit(["version": "two"], "two")
        try StandInTool.Mood.late.rawValue.write(
            toFile: "\(shop.folder)/staging.moved.mood", atomically: true, encoding: .utf8)
        let run = try shop.run("staging").expect(16)
        XCTAssertTrue(run.errors.contains("goes on where the new definition deploys to"), run.errors)
        XCTAssertEqual(try shop.world("staging").release, one)
    }
}
