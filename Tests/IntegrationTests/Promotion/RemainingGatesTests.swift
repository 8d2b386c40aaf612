import DeployTestSupport
import Foundation
import XCTest

/// The gates whose refusal needs a hand on the machine: each refuses with 12, and passes once it is mended.
final class RemainingGatesTests: XCTestCase {
    func testHealthCleanBranchFreezeAndWindow() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        try world.run("stop", "staging").expect(0)
        try world.refuses("health", "nothing runs")
        try world.run("start", "staging").expect(0)
        try world.pass("staging is started again")
        try world.write("dirty", to: "app/version")
        try world.refuses("clean", "1 uncommitted change")
        try world.git("checkout", "--quiet", "app/version")
        try world.pass("nothing is uncommitted")

        let rules = "environments/production.json"
        try world.replace("\"promotion\"", with: "\"branches\": [\"release/*\"], \"promotion\"", in: rules)
        try world.commit("Release branches only")
        try world.refuses("branch", "the commit is on main, allowed are release/*")
        try world.git("switch", "--quiet", "--create", "release/1")
        try world.commit("Release")
        try world.run("staging").expect(0)
        try world.pass("built from a release branch")

        for (key, value, gate) in [
            (
                "freezes",
                #"[{"from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z", "reason": "audit"}]"#,
                "freeze"
            ),
            ("window", #"[{"from": "00:00", "to": "24:00", "timezone": "Nowhere/Land"}]"#, "window"),
        ] {
            try world.replace(
                "{\"from\": \"staging\"}", with: "{\"from\": \"staging\", \"\(key)\": \(value)}", in: rules)
            try world.commit(gate)
            try world.refuses(gate, gate == "freeze" ? "audit" : "not known")
            try world.replace(
                "{\"from\": \"staging\", \"\(key)\": \(value)}", with: "{\"from\": \"staging\"}", in: rules)
            try world.commit("Without \(gate)")
            try world.pass("\(gate) is over")
        }
    }

    func testLoadMigrationsAndIsolation() throws {
        let world = try DeployctlFixture(for: self)
        let rules = "environments/production.json"
        try world.ask(#""slo": {"path": "/nowhere", "requests": 20, "p95": "10s", "errorRate": 0.5}"#)
        try world.refuses("slo", "20 of 20 failed")
        try world.replace("/nowhere", with: "/version", in: rules)
        try world.commit("Another path")
        try world.pass("the load is stood")

        try edit(world, "UPDATE deployctl_migration SET name = 'x' || name")
        try world.refuses("migrations", "not applied in staging: V0001_item.sql")
        try edit(world, "UPDATE deployctl_migration SET name = substr(name, 2)")
        try world.pass("the migration is recorded again")

        let ports = (staging: "\(world.port("staging"))", production: "\(world.port("production"))")
        try world.replace(ports.production, with: ports.staging, in: rules)
        try world.commit("One port")
        XCTAssertEqual(try world.find("isolation", in: world.gates(12)).verdict, "refused")
        try world.run("production", "--confirm", "CONFIRM").expect(10, "such definitions are invalid")
        try world.replace(ports.staging, with: ports.production, in: rules)
        try world.commit("Two ports")
        try world.pass("they share nothing")
    }

    /// A file system of a few megabytes.
    func testBackupRoom() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        try world.promote()
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        try world.pass("there is room")
        let backups = "\(world.project)/backups"
        try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: true)
        guard try world.runProgram(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", backups]).status == 0
        else { throw lacking("right to mount a file system") }
        addTeardownBlock { _ = try? world.runProgram(["umount", backups]) }
        try world.refuses("backup-room", "MB free")
        try world.runProgram(["mount", "-o", "remount,size=64m", backups]).expect(0)
        try world.pass("there is room again")
        try world.promote()
        XCTAssertEqual(try world.version("production"), "two")
    }

    private func edit(_ world: DeployctlFixture, _ sql: String) throws {
        let file = "\(world.project)/.deployctl/staging/shared/data/app.db"
        let program =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        try world.runProgram(["python3", "-c", program, file, sql]).expect(0)
    }
}
