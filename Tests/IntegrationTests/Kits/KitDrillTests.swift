import DeployTestSupport
import Foundation
import XCTest

/// The newest kit is brought up beside everything, and nothing of that stays.
final class KitDrillTests: XCTestCase {
    func testADrillProvesTheNewestKitAndLeavesNothing() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        try shop.run("kit", "drill").expect(17).expectExplained()
        _ = try made.create()
        try expect(try shop.run("doctor").output.contains("the newest was never tried"), "doctor says so")
        let before = (try shop.world("production"), try shop.history("production").count)
        let trials = "\(shop.folder)/trials"
        try FileManager.default.createDirectory(atPath: trials, withIntermediateDirectories: true)
        let drilled = try shop.run("kit", "drill", environment: ["TMPDIR": trials]).expect(0)
        XCTAssertTrue(drilled.output.contains("every row is equal"), drilled.output)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: trials), [])
        XCTAssertEqual(try shop.world("production"), before.0)
        XCTAssertEqual(try shop.history("production").count, before.1, "nothing ran in the project itself")
        try shop.expectConsistent("production")
        XCTAssertTrue(try shop.run("doctor").output.contains("the newest came up"))

        try made.sh("cp \(made.kit) \(made.kit).kept; printf x >> \(made.kit)")
        let failed = try shop.run("kit", "drill", environment: ["TMPDIR": trials]).expect(19)
            .expectExplained()
        XCTAssertTrue(failed.errors.contains("not what was made"), failed.errors)
        XCTAssertTrue(try shop.run("doctor").expect(19).output.contains("the newest does not come up"))
        try made.sh("mv \(made.kit).kept \(made.kit)")
        try shop.run("kit", "drill", environment: ["TMPDIR": trials]).expect(0)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: trials), [])
        XCTAssertEqual(try shop.world("production"), before.0)
    }
}
