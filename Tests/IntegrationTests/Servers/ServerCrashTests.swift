import DeployTestSupport
import Foundation
import XCTest

/// T01 with a database server: SIGKILL around commits of the journal, then resume or abort.
final class ServerCrashTests: XCTestCase {
    private var distance: Int { CrashSweep.isSoak ? 1 : 17 }

    func testKilledAnywhereAPromotionOnMySQLResumesOrAborts_T01() throws { try promote(.mysql) }

    func testKilledAnywhereAPromotionOnPostgreSQLResumesOrAborts_T01() throws { try promote(.postgresql) }

    func testKilledAnywhereARollbackOnMySQLResumesOrAborts_T01() throws { try rollBack(.mysql) }

    func testKilledAnywhereARollbackOnPostgreSQLResumesOrAborts_T01() throws { try rollBack(.postgresql) }

    private func promote(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        var sweep = CrashSweep.promotion(of: shop)
        try settle(&sweep, world)
    }

    private func rollBack(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        var sweep = CrashSweep.rollback(of: shop, to: try shop.deployTwoReleases())
        try settle(&sweep, world)
    }

    private func settle(_ sweep: inout CrashSweep, _ world: ServerShop) throws {
        sweep.distance = distance
        sweep.consistency = { _, environment in try world.expectConsistent(environment) }
        let kills = try sweep.run()
        print("\(sweep.verb[0]) on \(world.server.engine.rawValue): \(kills) kills")
        XCTAssertGreaterThanOrEqual(kills, CrashSweep.isSoak ? 36 : max(1, 18 / distance))
    }
}
