import DeployTestSupport
import Foundation
import XCTest

/// What lies is not believed: neither the server's dump tool nor a backup that was tampered with.
final class ServerTrustTests: XCTestCase {
    func testNoLyingToolOfMySQLLetsADeploymentBegin_T10() throws {
        // A session is unbuffered; a restore is not, and names its database.
        let restoring = "case \" $* \" in *' --unbuffered '*) ;; *' --database='*)"
        try refuseLiars(
            .mysql, "mariadb-dump",
            restoring: ("mariadb", "\(restoring) head -n 40 | real \"$@\"; exit 0;; esac; real \"$@\""))
    }

    func testNoLyingToolOfPostgreSQLLetsADeploymentBegin_T10() throws {
        let restoring = "case \"$*\" in *--dbname*)"
        try refuseLiars(
            .postgresql, "pg_dump",
            restoring: ("pg_restore", "\(restoring) real \"$@\" --schema-only; exit 0;; esac; real \"$@\""))
    }

    func testNoRollbackBeginsOnASpoiltBackupOfMySQL_T15_T16() throws { try refuseSpoilt(.mysql) }

    func testNoRollbackBeginsOnASpoiltBackupOfPostgreSQL_T15_T16() throws { try refuseSpoilt(.postgresql) }

    private func refuseLiars(
        _ engine: DatabaseServer.Engine, _ tool: String, restoring: (String, String)
    ) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        try world.shop.deployTwoReleases()
        try shop.commit(version: "three")
        try shop.run("staging").expect(0)
        let before = try Truth(world)
        let lies = [
            (tool, "real \"$@\" | head -c 600; exit 0"), restoring, (tool, "real \"$@\"; exit 1"),
        ]
        for (program, lie) in CrashSweep.isSoak ? lies : lies.dropLast() {
            let path = try shop.putBefore(program, lie)
            let run = try shop.run("production", "--confirm", "CONFIRM", environment: ["PATH": path])
            try run.expect(14, lie)
            try FileManager.default.removeItem(atPath: "\(shop.folder)/tools/\(program)")
            XCTAssertEqual(try Truth(world), before, lie)
            try world.expectConsistent("production")
        }
        try shop.promote()
        XCTAssertEqual(try shop.version("production"), "three", "an honest tool is believed")
    }

    private func refuseSpoilt(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        let older = try world.shop.deployTwoReleases()
        let backup = try XCTUnwrap(try shop.backups("production").first { $0.release == older }?.timestamp)
        let folder = "backups/production/\(backup)"
        let payload = try XCTUnwrap(shop.names(in: folder).first { $0.hasPrefix("database.") })
        let before = try Truth(world)
        let spoilt = [
            ("a byte changed", "printf X | dd conv=notrunc bs=1 seek=700 of=\(folder)/\(payload)"),
            ("of another environment", "sed -i 's/production/staging/' \(folder)/manifest.json"),
            ("gone", "rm -r \(folder)"), ("cut", "truncate -s -1 \(folder)/\(payload)"),
            ("emptied", "truncate -s 0 \(folder)/\(payload)"),
            ("without manifest", "rm \(folder)/manifest.json"),
        ]
        for (spoiling, command) in CrashSweep.isSoak ? spoilt : spoilt.dropLast(3) {
            try shop.runProgram(["sh", "-ec", "cp -a \(folder) kept; chmod -R u+w \(folder); \(command)"])
                .expect(0, spoiling)
            let run = try shop.run("rollback", older, "--confirm", "CONFIRM")
            XCTAssertNotEqual(run.status, 0, "\(spoiling): \(run.output)\(run.errors)")
            XCTAssertFalse((run.output + run.errors).contains("rolled back"), spoiling)
            try shop.runProgram(["sh", "-ec", "rm -rf \(folder); mv kept \(folder)"]).expect(0)
            XCTAssertEqual(try Truth(world), before, spoiling)
        }
        try world.expectConsistent("production")
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "one", items: ["first"]))
    }
}

/// What must not change when something is refused.
private struct Truth: Equatable {
    let world: World
    let items: [String]
    let release: String?
    let backups: [String]
    let databases: [String]

    init(_ world: ServerShop) throws {
        self.world = try world.shop.world("production")
        items = try world.items(in: world.database("production"))
        release = try world.shop.status("production").place.release
        backups = try world.shop.backups("production").map(\.timestamp)
        databases = try world.databases()
    }
}
