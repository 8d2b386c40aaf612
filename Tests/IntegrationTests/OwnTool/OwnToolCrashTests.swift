import DeployTestSupport
import Foundation
import XCTest

/// SIGKILL around commits of the journal while the project's own tool deploys.
final class OwnToolCrashTests: XCTestCase {
    func testKilledAnywhereAPromotionResumesOrAborts() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("zero")
        try shop.promote()
        var (number, kills) = (0, 0)
        for point in CrashPoint.all(every: CrashSweep.distance(everyOther: true)) {
            let before = try XCTUnwrap(try shop.world("production").release)
            if try shop.status("staging").place.release == before {
                number += 1
                try shop.stage("\(number)")
            }
            let staged = try XCTUnwrap(try shop.status("staging").place.release)
            let run = try shop.run(killedAt: point, ["production", "--confirm", "CONFIRM"])
            if run.status == 0 { break }
            try run.expect(-SIGKILL, "\(point)")
            kills += 1
            do { try examine(shop, point.recovery.rawValue, before, staged) } catch {
                throw Unexpected("\(point), then \(point.recovery): \(error)")
            }
        }
        XCTAssertGreaterThanOrEqual(kills, CrashSweep.atLeast(12))
    }

    private func examine(_ shop: ToolShop, _ recovery: String, _ before: String, _ staged: String) throws {
        var wanted = [before, staged]
        if try shop.status("production").place.state == "interrupted" {
            try shop.run("production", "--confirm", "CONFIRM").expect(18)
            let run = try shop.run(recovery, "production").expect(0)
            let isForward = recovery == "resume" || run.errors.contains("only clean-up is left")
            wanted = [isForward ? staged : before]
        }
        let world = try shop.world("production")
        try expect(wanted.contains(world.release ?? ""), "\(world) is none of \(wanted)")
        let (code, place) = try shop.status("production")
        try expectEqual(code, 0, "status")
        try expectEqual(place.release, world.release, "the release deployctl believes in")
        try expectEqual(shop.names(in: ".deployctl/production/run").count, 2, "the link and one instance")
    }
}
