import DeployTestSupport
import Foundation
import XCTest

/// The live database is no database any more, or is gone: what goes back needs nothing of it.
final class DamagedDatabaseTests: XCTestCase {
    func testARollbackGoesPastADamagedFileAndKeepsIt_I14_T15() throws {
        let shop = try DeployctlFixture(for: self)
        let older = try shop.deployTwoReleases()
        let live = try file(shop)
        let garbage = Data(repeating: 0x78, count: 8192)
        try garbage.write(to: URL(fileURLWithPath: live))

        let back = try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        let said = back.output + back.errors
        for words in ["the live database is damaged", live, "neither counted nor saved"] {
            try expect(said.contains(words), said)
        }
        try expect(!said.contains("To undo"), said)
        try expectEqual(try shop.world("production"), World(version: "one", items: ["first"]), "what is back")
        try expectEqual(try Data(contentsOf: URL(fileURLWithPath: live)), garbage, "what is kept")
        try shop.run("status", "production").expect(0)

        try FileManager.default.removeItem(atPath: try file(shop))
        let backup = try XCTUnwrap(try shop.backups("production").first).timestamp
        let restored = try shop.run("backup", "restore", "production", backup, "--confirm", "CONFIRM").expect(
            0)
        try expect((restored.output + restored.errors).contains("there is no database"), restored.errors)
        try expectEqual(try shop.items("production"), ["first"], "what came back for the missing file")
    }

    func testARollbackBringsADroppedMySQLDatabaseBack_I14() throws { try dropped(.mysql) }

    func testARollbackBringsADroppedPostgreSQLDatabaseBack_I14() throws { try dropped(.postgresql) }

    private func dropped(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let older = try world.shop.deployTwoReleases()
        try world.sql(world.server.removal(of: world.database("production")))

        let back = try world.shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        try expect((back.output + back.errors).contains("there is no database"), back.errors)
        try expectEqual(
            try world.shop.world("production"), World(version: "one", items: ["first"]), "what is back")
        try expectEqual(try world.databases(), ["production", "staging"].map(world.database), "what is left")
    }

    /// The live database's file, with nothing beside it that would mend it.
    private func file(_ shop: DeployctlFixture) throws -> String {
        let link = URL(fileURLWithPath: "\(shop.project)/.deployctl/production/shared/data/app.db")
        let live = link.resolvingSymlinksInPath().path
        for rest in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: live + rest) }
        return live
    }
}
