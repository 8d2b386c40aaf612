import DeployTestSupport
import Foundation
import XCTest

/// Nothing begins on an empty database in the place of one that held data.
final class LostDataTests: XCTestCase {
    func testAFileThatIsGoneIsNotMadeAnew() throws {
        let shop = try DeployctlFixture(for: self)
        try story(shop) {
            let link = "\(shop.project)/.deployctl/production/shared/data/app.db"
            let live = URL(fileURLWithPath: link).resolvingSymlinksInPath().path
            for rest in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: live + rest) }
        }
    }

    /// Whoever puts a file there by hand, or names another one, means it.
    func testWhatSomebodyPutThereOrNamedAnewIsNotLost() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("first", to: "production")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let link = "\(shop.project)/.deployctl/production/shared/data/app.db"
        let live = URL(fileURLWithPath: link).resolvingSymlinksInPath().path
        try shop.run("stop", "production").expect(0)
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.moveItem(atPath: live, toPath: link)
        try shop.promote()
        XCTAssertEqual(try shop.items("production"), ["first"], "the file that lay in the link's place")

        let base = "environments/base.json"
        try shop.write(
            shop.read(base).replacingOccurrences(of: "data/app.db", with: "data/other.db"), to: base)
        try shop.commit(version: "three")
        try shop.run("staging").expect(0)
    }

    func testAMySQLDatabaseThatIsGoneIsNotMadeAnew() throws { try dropped(.mysql) }

    func testAPostgreSQLDatabaseThatIsGoneIsNotMadeAnew() throws { try dropped(.postgresql) }

    private func dropped(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let name = world.database("production")
        try story(world.shop) { try world.sql(world.server.removal(of: name)) }
    }

    private func story(_ shop: DeployctlFixture, losing: () throws -> Void) throws {
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("first", to: "production")
        try shop.run("backup", "create", "production").expect(0)
        let backup = try XCTUnwrap(try shop.backups("production").first).timestamp
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try losing()

        let restore = "deployctl backup restore production \(backup)"
        for (command, code) in [
            (["production", "--confirm", "CONFIRM"], 12), (["plan", "production"], 12),
            (["restart", "production"], 12), (["backup", "create", "production"], 14),
        ] as [([String], Int32)] {
            let refused = try shop.run(command).expect(code)
            XCTAssertTrue(refused.errors.contains(" of production is gone"), "\(command): \(refused.errors)")
            XCTAssertTrue(refused.errors.contains(restore), "\(command): \(refused.errors)")
        }
        let doctor = try shop.run("doctor")
        XCTAssertTrue(doctor.output.contains(restore), doctor.output)
        try shop.run("stop", "production").expect(0)
        try shop.run("backup", "restore", "production", backup, "--confirm", "CONFIRM").expect(0)
        try shop.run("start", "production").expect(0)
        XCTAssertEqual(try shop.items("production"), ["first"])
        try shop.promote()
        XCTAssertEqual(try shop.items("production"), ["first"])
    }

    /// Whoever may not look is not told that there is nothing.
    func testAnAccountThatMayNotReadIsToldSo() throws {
        try XCTSkipIf(getuid() != 0, "only root may become somebody else")
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        for command in [["status"], ["history"], ["backup", "list"], ["why"], ["staging"]] {
            let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", shop.binary]
            let run = try shop.runProgram(nobody + command).expect(15)
            XCTAssertTrue(run.errors.contains("may not be read by this account"), run.errors)
            XCTAssertTrue(run.errors.contains("run it as root"), run.errors)
        }
    }
}
