import DeployTestSupport
import Foundation
import XCTest

/// Rehearsed rollbacks with the data on a database server.
final class ServerRehearsalTests: XCTestCase {
    func testARehearsalOnMySQLLeavesServerAndServiceAsTheyWere() throws { try rehearse(.mysql) }

    func testARehearsalOnPostgreSQLLeavesServerAndServiceAsTheyWere() throws { try rehearse(.postgresql) }

    private func rehearse(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        try RehearsalShop.furnish(shop)
        let type = engine == .mysql ? "varchar(20) NOT NULL" : "character varying(20) NOT NULL"
        let older = try world.shop.deployTwoReleases { try shop.expectPlannedColumn(type) }
        try shop.expectRehearsedColumn(type)
        let (databases, before) = (try world.databases(), try shop.world("production"))
        let traffic = LiveTraffic(port: shop.port("production"))
        defer { traffic.stop() }
        for (more, seen) in [
            ([], "rehearsing one on [\"first\"], written"),
            (["--code-only", "--reason", "a try"], "rehearsing one on [\"first\", \"second\"], written"),
        ] {
            let run = try shop.run(["rollback", older, "--dry-run", "--rehearse", "--json"] + more)
            let answer = try run.expect(0).json(RehearsedPlan.self)
            let name = try XCTUnwrap(answer.rehearsal).timestamp
            let log = try shop.read("logs/production/deployctl/\(name)-web.log")
            XCTAssertTrue(log.contains(seen), log)
        }
        let fresh = try shop.run(
            "rollback", "previous", "--environment", "staging", "--dry-run", "--rehearse", "--json"
        ).expect(0).json(RehearsedPlan.self)
        XCTAssertEqual(fresh.rehearsal?.data, "fresh")
        XCTAssertGreaterThan(fresh.rehearsal?.restoreSeconds ?? 0, 0)
        let point = CrashPoint(commit: 6, side: .before)
        try shop.run(killedAt: point, ["rollback", older, "--dry-run", "--rehearse"]).expect(-SIGKILL)
        try shop.run("backup", "create", "production").expect(0)
        XCTAssertEqual(try world.databases(), databases)
        XCTAssertEqual(try shop.world("production"), before)
        try traffic.expectUnharmed("rehearsals")
        try world.expectConsistent("production")
    }
}
