import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What lasts is told, and what one look alone saw is not.
final class TroublesTests: XCTestCase {
    private func shop(_ change: (inout Environment) -> Void = { _ in }) throws -> Shop {
        try Shop {
            $0.promotion = nil
            $0.routes = [Environment.Route(name: "all", target: .command(["tell"]), on: ["P0"])]
            change(&$0)
        }
    }

    private func events(after look: Int = 1, of shop: Shop) throws -> [String] {
        let deployer = shop.machine.deployer()
        for _ in 0..<look { try Troubles(deployer.workspace, definitions: deployer.definitions).look() }
        return try shop.machine.state.unroutedEvents(limit: 99).map { "\($0.kind) \($0.detail ?? "")" }
    }

    private func isPausing(_ shop: Shop) -> Bool { shop.machine.clock.slept.contains(.seconds(5)) }

    func testOneSlowAnswerIsNoAlarmAndTwoAre() throws {
        let once = try shop()
        once.machine.programs.makeUnhealthy("/front")
        once.machine.programs.hear { [machine = once.machine] _ in
            if machine.clock.slept.contains(.seconds(5)) { machine.programs.heal() }
        }
        XCTAssertEqual(try events(of: once), [])
        XCTAssertTrue(isPausing(once), "it was looked at again")

        let twice = try shop()
        twice.machine.programs.makeUnhealthy("/front")
        XCTAssertEqual(try events(after: 2, of: twice).count, 1)
    }

    func testOneGoodAnswerIsNoEnd() throws {
        let shop = try shop()
        shop.machine.programs.makeUnhealthy("/front")
        XCTAssertEqual(try events(of: shop).count, 1)
        let pauses = shop.machine.clock.slept.filter { $0 == .seconds(5) }.count
        shop.machine.programs.heal()
        shop.machine.programs.hear { [machine = shop.machine] _ in
            if machine.clock.slept.filter({ $0 == .seconds(5) }).count > pauses {
                machine.programs.makeUnhealthy("/front")
            }
        }
        XCTAssertEqual(try events(of: shop).count, 1, "the second look saw it again")
        shop.machine.programs.heal()
        shop.machine.programs.hear { _ in }
        XCTAssertEqual(try events(of: shop).count, 2)
    }

    func testWhereNothingChangesNobodyWaits() throws {
        let shop = try shop()
        XCTAssertEqual(try events(of: shop), [])
        XCTAssertFalse(isPausing(shop))
    }

    func testABackupThatWasNeverMadeIsOverdue() throws {
        let nightly = Environment.Schedule(
            name: "nightly", when: .every(.seconds(86_400)), timezone: "UTC",
            words: ["backup", "create", "production"])
        let shop = try shop {
            $0.schedules = [nightly]
            $0.backup.beforeDeploy = false
        }
        XCTAssertNil(try shop.machine.state.backups(of: "production").first)
        shop.machine.clock.move(by: .seconds(25 * 3600))
        XCTAssertEqual(try events(of: shop), [])
        shop.machine.clock.move(by: .seconds(2 * 3600))
        XCTAssertEqual(try events(of: shop), ["backupOverdue none was ever made"])

        let without = try self.shop { $0.backup.beforeDeploy = false }
        without.machine.clock.move(by: .seconds(99 * 3600))
        XCTAssertEqual(try events(of: without), [])
    }
}
