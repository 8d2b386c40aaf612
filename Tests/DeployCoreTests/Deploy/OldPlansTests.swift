import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// How runs went is given up after a while, and never of what somebody may go back to.
final class OldPlansTests: XCTestCase {
    func testWhatIsOldGoesAndWhatServesOrIsGoneBackToStays() throws {
        let shop = try Shop()
        try shop.run(try shop.promotion(of: 30), named: 150)
        let (state, clock) = (shop.machine.state, shop.machine.clock)
        let real = try state.deployments(of: "production", limit: .max)
        let backup = Sample.timestamp(1000)
        for number in 0..<350 {
            let run = try state.begin(
                Sample.plan(1000 + 3 * number), origin: Sample.origin, approval: nil, at: clock.now())
            try state.finish(run, outcome: .succeeded, error: nil, at: clock.now())
            clock.move(by: .seconds(86_400))
        }
        var kept = Sample.backup(2500)
        (kept.deployment, kept.pinned) = (backup, "the end of the year")
        try state.record(kept)
        let said = try Pruner(shop.site).prune()
        XCTAssertTrue(said.contains("249 old plans"), said)
        for run in real { XCTAssertNotNil(try state.plan(of: run.timestamp), "\(run.kind)") }
        XCTAssertNotNil(try state.plan(of: backup))
        let runs = try state.deployments(of: "production", limit: .max)
        XCTAssertEqual(runs.count, real.count + 350)
        XCTAssertTrue(try runs.prefix(100).allSatisfy { try state.plan(of: $0.timestamp) != nil })
    }

    func testManyRunsOfAFewDaysAllStay() throws {
        let shop = try Shop()
        let (state, clock) = (shop.machine.state, shop.machine.clock)
        for number in 0..<350 {
            let run = try state.begin(
                Sample.plan(1000 + 3 * number), origin: Sample.origin, approval: nil, at: clock.now())
            try state.finish(run, outcome: .succeeded, error: nil, at: clock.now())
            clock.move(by: .seconds(20_000))
        }
        XCTAssertFalse(try Pruner(shop.site).prune().contains("plan"))
    }
}
