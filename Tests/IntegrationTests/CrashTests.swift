import DeployTestSupport
import Foundation
import XCTest

/// SIGKILL around every commit of the journal, under live traffic (T01).
final class CrashTests: XCTestCase {
    func testKilledAnywhereStagingSettlesItselfAtTheNextRun_T01() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.post("kept", to: "staging")
        let traffic = LiveTraffic(port: shop.port("staging"))
        defer { traffic.stop() }
        var kills = 0
        for point in CrashPoint.all(every: CrashSweep.distance(everyOther: true)) {
            let version = "\(point)"
            try shop.commit(version: version)
            let run = try shop.run(killedAt: point, ["staging"])
            if run.status == 0 { break }
            try run.expect(-SIGKILL)
            kills += 1
            do {
                let (code, place) = try shop.status("staging")
                try expectEqual(
                    code, place.state == "interrupted" ? 18 : 0, "status of \(place.state) staging")
                try shop.run("staging").expect(0)
                try expectEqual(
                    try shop.world("staging"), World(version: version, items: ["kept"]), "staging")
                try shop.expectConsistent("staging")
                try traffic.expectUnharmed("live traffic")
            } catch {
                throw Unexpected("staging \(point): \(error)")
            }
        }
        XCTAssertGreaterThanOrEqual(kills, CrashSweep.atLeast(14))
    }

    func testKilledAnywhereTheVeryFirstDeploymentSettlesItselfAtTheNextRun_T01() throws {
        var kills = 0
        for commit in stride(from: 1, through: 100, by: CrashSweep.isSoak ? 1 : 3) {
            let shop = try DeployctlFixture(for: self)
            defer { shop.end() }
            let run = try shop.run(killedAt: CrashPoint(commit: commit, side: .before), ["staging"])
            if run.status == 0 { break }
            try run.expect(-SIGKILL)
            kills += 1
            do {
                _ = try shop.status("staging")
                try shop.run("staging").expect(0)
                try shop.post("kept", to: "staging")
                try expectEqual(try shop.world("staging"), World(version: "one", items: ["kept"]), "staging")
                try shop.expectConsistent("staging")
            } catch {
                throw Unexpected("the first staging killed before commit \(commit): \(error)")
            }
        }
        XCTAssertGreaterThanOrEqual(kills, CrashSweep.atLeast(5))
    }

    func testKilledAnywhereAPromotionResumesOrAborts_T01() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        let sweep = CrashSweep.promotion(of: shop)
        XCTAssertGreaterThanOrEqual(try sweep.run(), CrashSweep.atLeast(36))
    }

    func testKilledAnywhereARollbackOfCodeAndDataResumesOrAborts_T01() throws {
        let shop = try DeployctlFixture(for: self)
        let older = try shop.deployTwoReleases()
        let sweep = CrashSweep.rollback(of: shop, to: older)
        XCTAssertGreaterThanOrEqual(try sweep.run(), CrashSweep.atLeast(36))
    }

    func testKilledAnywhereARestoreResumesOrAborts_T01() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace("\"last\": 2", with: "\"last\": 100", in: "environments/production.json")
        try shop.commit("Keep all backups")
        try shop.deployTwoReleases()
        try shop.run("backup", "create", "production").expect(0)
        let backup = try XCTUnwrap(try shop.backups("production").first?.timestamp)
        var number = 0
        let sweep = CrashSweep(
            shop: shop, verb: ["backup", "restore", "production", backup, "--confirm", "CONFIRM"],
            everyOther: true
        ) {
            number += 1
            try shop.post("\(number)", to: "production")
            return (try shop.world("production"), World(version: "two", items: ["first", "second"]))
        }
        XCTAssertGreaterThanOrEqual(try sweep.run(), CrashSweep.atLeast(18))
    }

    func testKilledAnywhereABackupResumesOrAborts_T01() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        let world = World(version: "two", items: ["first", "second"])
        let sweep = CrashSweep(shop: shop, verb: ["backup", "create", "production"], everyOther: true) {
            (world, world)
        }
        XCTAssertGreaterThanOrEqual(try sweep.run(), CrashSweep.atLeast(8))
    }

    func testKilledAnywhereARestartResumesOrAborts_T01() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        let world = World(version: "two", items: ["first", "second"])
        let sweep = CrashSweep(shop: shop, verb: ["restart", "production"], everyOther: true) {
            (world, world)
        }
        XCTAssertGreaterThanOrEqual(try sweep.run(), CrashSweep.atLeast(8))
    }
}

extension DeployctlFixture {
    /// Release "one" with the item first; then "two", with a migration and the item second.
    ///
    /// - Returns: the timestamp of the older release.
    @discardableResult
    func deployTwoReleases(
        lookingBeforeTheSecond look: () throws -> Void = {}
    ) throws -> String {
        try run("staging").expect(0)
        try promote()
        try post("first", to: "production")
        guard let older = try status("production").place.release else {
            throw Unexpected("no release in production")
        }
        try commit(
            version: "two",
            migration: (
                "V0002_colour", "ALTER TABLE item ADD COLUMN colour VARCHAR(20) NOT NULL DEFAULT 'none';\n"
            ))
        try run("staging").expect(0)
        try look()
        try promote()
        try post("second", to: "production")
        return older
    }
}
