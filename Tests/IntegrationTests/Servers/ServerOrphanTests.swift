import DeployTestSupport
import Foundation
import XCTest

/// T05: nothing goes on without deployctl, neither here nor on the database server.
final class ServerOrphanTests: XCTestCase {
    func testKilledWhileMySQLIsDumpedAndRestoredNothingGoesOn_T05() throws {
        try kill(.mysql, during: ["mariadb-dump", "mariadb"])
    }

    func testKilledWhilePostgreSQLIsDumpedAndRestoredNothingGoesOn_T05() throws {
        try kill(.postgresql, during: ["pg_dump", "pg_restore"])
    }

    func testKilledInAMigrationOfMySQLItIsEndedAndRunsOnce_T05() throws { try migrate(.mysql) }

    func testKilledInAMigrationOfPostgreSQLItIsEndedAndRunsOnce_T05() throws { try migrate(.postgresql) }

    private func kill(_ engine: DatabaseServer.Engine, during programs: [String]) throws {
        let world = try ServerShop(engine, for: self, rows: 200_000)
        let shop = world.shop
        try shop.run("staging").expect(0)
        try shop.promote()
        for program in programs {
            let run = try shop.start([shop.binary, "backup", "create", "production"])
            // The client that restores is told the scratch database's name.
            let child = try run.awaitChild(program) {
                "/\($0)".hasSuffix("/\(program)") && (program != "mariadb" || $1.contains("_proof"))
            }
            try run.killAtOnce()
            try expectAlone(shop, child, program)
            try world.expectIdle(within: 5)
            XCTAssertEqual(try shop.status("production").code, 18, program)
            try shop.run("abort", "production").expect(0)
            try world.expectConsistent("production")
        }
    }

    private func migrate(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let (shop, live) = (world.shop, world.database("production"))
        try shop.commit(["migrations/V0002_pace.sql": "CREATE TABLE pace (seconds INT NOT NULL);\n"])
        try shop.run("staging").expect(0)
        try shop.promote()
        let slow = "INSERT INTO item (text) VALUES ('migrated');\n" + world.server.wait(in: live)
        try shop.commit(version: "two", migration: ("V0003_slow", slow))
        try shop.run("staging").expect(0)
        for recovery in ["abort", "resume"] {
            try world.sql("DELETE FROM pace; INSERT INTO pace VALUES (20);", in: live)
            let run = try shop.start([shop.binary, "production", "--confirm", "CONFIRM"])
            let began = eventually(within: 60) {
                (try? world.sql(world.server.waiting(in: live)).count) == 1
            }
            try expect(began, "the migration begins: \(run.output)\(run.errors)")
            let children = run.children()
            try run.killAtOnce()
            for child in children { try expectAlone(shop, child.pid, child.command) }
            try world.sql("UPDATE pace SET seconds = 0;", in: live)
            try shop.run("production", "--confirm", "CONFIRM").expect(18)
            try shop.run(recovery, "production").expect(0)
            try world.expectIdle(within: 5)
            let migrated = recovery == "resume" ? ["migrated"] : []
            XCTAssertEqual(try world.items(in: live), migrated, recovery)
            try world.expectConsistent("production")
        }
        XCTAssertEqual(try shop.version("production"), "two")
    }

    private func expectAlone(_ shop: DeployctlFixture, _ child: Int32, _ name: String) throws {
        try expect(
            eventually(within: 2) { !isRunning(child) },
            "\(name) outlives deployctl, in state \(processState(child) ?? "ended")")
        var strays: [ProjectProcess] = []
        let alone = eventually(within: 2) {
            strays = (try? shop.strays("production")) ?? []
            return strays.isEmpty
        }
        try expect(alone, "killed in \(name), these go on: \(strays)")
    }
}

extension StartedProgram {
    fileprivate struct Child {
        var pid: Int32
        var command: String
    }

    /// The programs it runs at this moment.
    fileprivate func children() -> [Child] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return threads.flatMap { thread in
            let list = try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/children", encoding: .utf8)
            return (list ?? "").split(separator: " ").compactMap { Int32($0) }
        }.map { child in
            let words = FileManager.default.contents(atPath: "/proc/\(child)/cmdline") ?? Data()
            return Child(
                pid: child,
                command: words.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
                    .joined(separator: " "))
        }
    }

    /// The child whose program and whole command fit, caught while it runs.
    fileprivate func awaitChild(_ name: String, _ fits: (String, String) -> Bool) throws -> Int32 {
        var found: Child?
        _ = eventually(within: 60) {
            found = children().first {
                fits(String($0.command.prefix { $0 != " " }), $0.command)
            }
            return found != nil
        }
        guard let found else { throw Unexpected("\(name) was never seen\n\(output)\(errors)") }
        return found.pid
    }

    fileprivate func killAtOnce() throws {
        Glibc.kill(pid, SIGKILL)
        try wait(upTo: 10).expect(-SIGKILL)
    }
}
