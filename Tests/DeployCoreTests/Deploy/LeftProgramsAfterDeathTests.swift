import DeployTestSupport
import XCTest

@testable import DeployCore

/// What a command of the project started outlives deployctl when that is killed, and not the next run.
final class LeftProgramsAfterDeathTests: XCTestCase {
    func testTheNextRunEndsWhatAKilledOneLeft() throws {
        for settle in [Recovery.resume, Recovery.abort] {
            let shop = try Shop()
            XCTAssertNotNil(try shop.failure(try shop.promotion(of: 30), named: 200, life: Life(changes: 3)))
            let processes = shop.machine.processes
            let left = processes.add("gradle", marker: shop.layout.ownPrograms)
            let others = processes.add("gradle", marker: "elsewhere")
            _ = try settle(Recovery(deployer: shop.machine.deployer()))("production")
            XCTAssertFalse(processes.isRunning(left))
            XCTAssertTrue(processes.isRunning(others), "nobody else's")
        }
    }
}
