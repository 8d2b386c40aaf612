import DeployTestSupport
import Foundation
import XCTest

/// Code and data on a database server go back together, and forward again.
final class ServerStoryTests: XCTestCase {
    func testARollbackOnMySQLBringsCodeAndDataBackAndItsUndoTheNewerState_I14() throws {
        try tell(.mysql)
    }

    func testARollbackOnPostgreSQLBringsCodeAndDataBackAndItsUndoTheNewerState_I14() throws {
        try tell(.postgresql)
    }

    private func tell(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        let older = try world.shop.deployTwoReleases()
        let backedUp = try shop.newestContents("production")
        let (newer, contents) = try (shop.world("production"), shop.contents("production"))
        XCTAssertEqual(newer, World(version: "two", items: ["first", "second"]))
        let traffic = LiveTraffic(port: shop.port("production"))
        defer { traffic.stop() }

        let rollback = try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "one", items: ["first"]))
        XCTAssertEqual(try world.items(in: world.database("production")), ["first"])
        XCTAssertEqual(try shop.contents("production"), backedUp)
        try world.expectConsistent("production")

        try shop.run(try undo(rollback) + ["--confirm", "CONFIRM"]).expect(0)
        XCTAssertEqual(try shop.world("production"), newer)
        XCTAssertEqual(try world.items(in: world.database("production")), ["first", "second"])
        XCTAssertEqual(try shop.contents("production"), contents)
        for environment in ["production", "staging"] { try world.expectConsistent(environment) }
        XCTAssertEqual(try world.databases(), ["production", "staging"].map(world.database))
        try traffic.expectUnharmed("a rollback and its undo")
    }

    /// The command a rollback prints to be undone.
    private func undo(_ rollback: ProgramRun) throws -> [String] {
        let beginning = "To undo: deployctl "
        let line = try XCTUnwrap(
            rollback.errors.split(separator: "\n").first { $0.hasPrefix(beginning) }, rollback.errors)
        return line.dropFirst(beginning.count).split(separator: " ").map(String.init)
    }
}
