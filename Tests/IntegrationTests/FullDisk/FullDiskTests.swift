import DeployTestSupport
import Foundation
import XCTest

/// T12: the disk that holds project, state and backups fills up at any moment.
final class FullDiskTests: XCTestCase {
    /// A million bytes of data, so that its copies are what fills the disk.
    static let data = """
        CREATE TABLE ballast AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        SELECT i, hex(randomblob(500)) AS text FROM n;

        """

    private var sizes: [Int] {
        let count = CrashSweep.isSoak ? 40 : 6
        return (0..<count).map { $0 * 3_000_000 / (count - 1) }
    }

    func testADiskThatFillsUpDeploysNothingAndHarmsNothing_T12() throws {
        let disk = try SmallDisk(megabytes: 48, for: self)
        let shop = disk.shop
        try shop.commit(["migrations/V0001_ballast.sql": Self.data])
        try shop.deployTwoReleases()
        try shop.run("backup", "create", "production").expect(0)
        var codes: [String] = []
        for size in sizes {
            let before = try shop.world("production")
            let source = try XCTUnwrap(try shop.backups("production").first).timestamp
            for verb in [
                ["backup", "create", "production"],
                ["backup", "restore", "production", source, "--confirm", "CONFIRM"],
            ] {
                let known = try shop.backups("production").map(\.timestamp)
                let (run, world) = try disk.leaving(size) {
                    (try shop.run(verb), try shop.world("production"))
                }
                codes.append("\(run.status)")
                let claim = "\(verb.prefix(2).joined(separator: " ")) with \(size) bytes left"
                try expectEqual(world, before, claim)
                if run.status != 0 { try shop.expectNoRoom(run, claim) }
                try examine(shop, claim, known: run.status == 0 ? nil : known)
            }
            try shop.run("backup", "verify", "production", "--all").expect(0, "\(size) bytes left")
        }
        print("T12 \(sizes.count) sizes, ended with \(codes.joined(separator: " "))")
        XCTAssertNotEqual(codes.first, "0", "nothing fits on a full disk")
        XCTAssertEqual(codes.suffix(2), ["0", "0"], "with room both are done")
    }

    func testAPromotionWithoutRoomIsRefusedWithPlaceAndNumbers_T12() throws {
        let disk = try SmallDisk(megabytes: 48, for: self)
        let shop = disk.shop
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let run = try disk.leaving(2_000_000) { try shop.run("production", "--confirm", "CONFIRM") }
        try run.expect(12)
        try shop.expectNoRoom(run, "2 MB left")
        XCTAssertTrue(run.errors.contains("1 MB free, needed are"), run.errors)
        let seen = try disk.leaving(400_000) { try shop.run("status", "production") }
        XCTAssertTrue(seen.output.contains("no room is left on the disk of"), seen.output)
        try shop.promote()
    }

    /// The gate found room, and others take it meanwhile.
    func testADiskThatOthersFillMeanwhileDeploysNothingAndHarmsNothing_T12() throws {
        let disk = try SmallDisk(megabytes: 48, for: self)
        let shop = disk.shop
        try shop.commit(["migrations/V0001_ballast.sql": Self.data])
        try shop.deployTwoReleases()
        var codes: [String] = []
        let sizes = CrashSweep.isSoak ? sizes : sizes.enumerated().compactMap { $0 % 2 == 0 ? $1 : nil }
        for size in sizes {
            let promotion = try disk.promote(leaving: size)
            let run = promotion.run
            codes.append("\(run.status)")
            let claim = "\(size) bytes left meanwhile"
            try expectEqual(try shop.world("production"), promotion.world, claim)
            if run.status != 0 { try shop.expectNoRoom(run, claim) }
            try examine(shop, claim, known: run.status == 0 ? nil : promotion.known)
            try shop.run("backup", "verify", "production", "--all").expect(0, claim)
        }
        print("T12 \(sizes.count) sizes meanwhile, ended with \(codes.joined(separator: " "))")
    }

    private func examine(_ shop: DeployctlFixture, _ claim: String, known: [String]?) throws {
        let place = try shop.status("production").place
        if place.state == "interrupted" { try shop.run("abort", "production").expect(0, claim) }
        try expectEqual(try shop.status("production").place.state, "healthy", claim)
        let backups = try shop.backups("production").map(\.timestamp)
        if let known { try expectEqual(backups, known, "\(claim): backups") }
        try expect(try shop.strays("production").isEmpty, "\(claim): stray processes")
    }
}
