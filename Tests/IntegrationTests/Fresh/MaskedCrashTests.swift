import DeployTestSupport
import Foundation
import XCTest

/// SIGKILL around commits of the journal while staging is filled from a masked backup (T01).
final class MaskedCrashTests: XCTestCase {
    func testKilledAnywhereStagingOnMaskedDataSettlesItself_T01() throws { try sweep(nil, every: 9) }

    func testKilledAnywhereStagingOnMaskedDataOfPostgreSQLSettlesItself_T01() throws {
        try sweep(.postgresql, every: 29)
    }

    private func sweep(_ engine: DatabaseServer.Engine?, every distance: Int) throws {
        let world = try FreshWorld(engine, for: self)
        let shop = world.shop
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("ann@example.org", to: "production")
        try shop.run("backup", "create", "production").expect(0)
        try world.begin(
            from: "\"from\": \"production\", \"mask\": [\"db/mask.sql\"], \"masked\": [\"item.text\"]")
        try shop.commit(["db/mask.sql": "UPDATE item SET text = 'nobody';\n"])
        try shop.run("staging").expect(0)
        var kills = 0
        for point in CrashPoint.all(every: CrashSweep.isSoak ? 1 : distance) {
            try shop.commit(version: "\(point)")
            let run = try shop.run(killedAt: point, ["staging"])
            if run.status == 0 { break }
            try run.expect(-SIGKILL)
            kills += 1
            let recovery = point.recovery == .abort ? ["abort", "staging"] : ["staging"]
            let settled = try shop.run(recovery)
            try settled.expect(0, "\(point), then \(recovery)")
            if recovery.first == "abort" { try shop.run("staging").expect(0) }
            XCTAssertEqual(
                try shop.world("staging"), World(version: "\(point)", items: ["nobody"]), "\(point)")
            try world.expectNothingLeft()
            try world.expectUnseen(["ann@example.org"], in: [run, settled])
        }
        try world.expectConsistent("staging")
        XCTAssertGreaterThanOrEqual(kills, CrashSweep.isSoak ? 30 : max(1, 15 / distance))
    }
}
