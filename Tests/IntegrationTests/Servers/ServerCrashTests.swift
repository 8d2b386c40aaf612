import DeployTestSupport
import Foundation
import XCTest

/// T01 with a database server: SIGKILL around commits of the journal, then resume or abort.
final class ServerCrashTests: XCTestCase {
    private var distance: Int { CrashSweep.isSoak ? 1 : 9 }

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
        var number = 0
        var sweep = CrashSweep(shop: shop, verb: ["production", "--confirm", "CONFIRM"]) {
            let before = try shop.world("production")
            if number == 0 || before.version == "\(number)" {
                number += 1
                let table = (
                    name: String(format: "V%04d_table", number + 1),
                    sql: "CREATE TABLE table\(number) (id INTEGER);\n"
                )
                try shop.commit(version: "\(number)", migration: table)
                try shop.run("staging").expect(0)
            }
            return (before, World(version: "\(number)", items: ["kept"]))
        }
        try settle(&sweep, world)
    }

    private func rollBack(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        let older = try world.deployTwoReleases()
        var sweep = CrashSweep(shop: shop, verb: ["rollback", older, "--confirm", "CONFIRM"]) {
            if try shop.version("production") == "one" {
                let left = try shop.status("staging").place.release ?? ""
                try shop.run("clear", left, "-m", "the sweep goes on").expect(0)
                try shop.promote()
            }
            if try shop.items("production") == ["first"] { try shop.post("second", to: "production") }
            return (
                World(version: "two", items: ["first", "second"]), World(version: "one", items: ["first"])
            )
        }
        try settle(&sweep, world)
    }

    private func settle(_ sweep: inout CrashSweep, _ world: ServerShop) throws {
        sweep.distance = distance
        sweep.consistency = { _, environment in try world.expectConsistent(environment) }
        let kills = try sweep.run()
        print("\(sweep.verb[0]) on \(world.server.engine.rawValue): \(kills) kills")
        XCTAssertGreaterThanOrEqual(kills, 36 / distance)
    }
}
