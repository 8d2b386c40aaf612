import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What serves, and what can be gone back to, is known however much else was done since.
final class ManyRunsTests: XCTestCase {
    func testAThousandBackupsHideNoRelease_T17() throws {
        let shop = try Shop()
        try shop.run(try shop.promotion(of: 30), named: 150)
        let (state, now) = (shop.machine.state, shop.machine.clock.now())
        for number in 0..<1000 {
            let run = try state.begin(
                Sample.plan(1000 + 3 * number), origin: Sample.origin, approval: nil, at: now)
            try state.finish(run, outcome: .succeeded, error: nil, at: now)
        }
        let (targets, releases) = (RollbackTargets(shop.site), [30, 20].map(Sample.timestamp))
        XCTAssertEqual(try shop.facts().release?.timestamp, releases[0])
        XCTAssertEqual(try targets.candidates().map(\.release.timestamp), releases)
        XCTAssertEqual(try targets.resolve("previous").release.timestamp, releases[1])
        let pruner = Pruner(shop.site)
        XCTAssertEqual(try pruner.expiredReleases(), [])
    }
}
