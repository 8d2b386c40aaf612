import DeployTestSupport
import Foundation
import XCTest

/// T12 with a database server: the disk that holds project, state and backups fills up, the server's does not.
final class ServerFullDiskTests: XCTestCase {
    func testADiskThatFillsUpHarmsNothingOnMySQL_T12() throws { try sweep(.mysql) }

    func testADiskThatFillsUpHarmsNothingOnPostgreSQL_T12() throws { try sweep(.postgresql) }

    private func sweep(_ engine: DatabaseServer.Engine) throws {
        try SmallDisk.demandRoot()
        let world = try ServerShop(engine, for: self, rows: 20_000)
        let disk = try SmallDisk(megabytes: 96, holding: world.shop, for: self)
        try disk.shop.run("staging").expect(0)
        try disk.shop.promote()
        try disk.shop.post("kept", to: "production")
        try disk.shop.run("backup", "create", "production").expect(0)
        let count = CrashSweep.isSoak ? 40 : 4
        var codes: [String] = []
        for number in 0..<count {
            let size = number * 1_500_000 / (count - 1)
            codes.append("\(try backUp(size, disk, world))")
            // A promotion takes longer: a quick run looks at one size.
            if CrashSweep.isSoak || number == 1 { codes.append("\(try promote(size, disk, world))") }
        }
        print("T12 \(count) sizes on \(engine.rawValue), ended with \(codes.joined(separator: " "))")
        XCTAssertNotEqual(codes.first, "0", "nothing fits on a full disk")
        try disk.shop.run("backup", "create", "production").expect(0)
    }

    private func backUp(_ size: Int, _ disk: SmallDisk, _ world: ServerShop) throws -> Int32 {
        let (shop, before) = (disk.shop, try disk.shop.world("production"))
        let known = try shop.backups("production").map(\.timestamp)
        let run = try disk.leaving(size) { try shop.run("backup", "create", "production") }
        try examine(run, "a backup with \(size) bytes left", known, before, world)
        return run.status
    }

    private func promote(_ size: Int, _ disk: SmallDisk, _ world: ServerShop) throws -> Int32 {
        let promotion = try disk.promote(leaving: size)
        let claim = "a promotion with \(size) bytes left"
        try examine(promotion.run, claim, promotion.known, promotion.world, world)
        return promotion.run.status
    }

    private func examine(
        _ run: ProgramRun, _ claim: String, _ known: [String], _ wanted: World, _ world: ServerShop
    ) throws {
        let shop = world.shop
        if run.status != 0 { try shop.expectNoRoom(run, claim) }
        if try shop.status("production").place.state == "interrupted" {
            try shop.run("abort", "production").expect(0, claim)
        }
        try expectEqual(try shop.world("production"), wanted, claim)
        if run.status != 0 {
            try expectEqual(try shop.backups("production").map(\.timestamp), known, "\(claim): backups")
        }
        try world.expectConsistent("production")
    }
}
