import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What an interrupted run and a machine that was off leave to the next command.
final class PowerCutTests: XCTestCase {
    /// A promotion of release two, over because the machine went off while it was watched.
    private func cutOff() throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        try shop.replace("\"watch\": \"0s\"", with: "\"watch\": \"2s\"", in: "environments/base.json")
        try shop.commit("watch")
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let run = try shop.start([shop.binary, "production", "--confirm", "CONFIRM"])
        try run.awaitError("Watch it for 2 s: started")
        kill(run.pid, SIGKILL)
        try run.wait().expect(-SIGKILL)
        shop.killProcesses()
        try expectEqual(try shop.status("production").code, 18, "status")
        return shop
    }

    func testResumeBringsTheNewReleaseUpAgain() throws {
        let shop = try cutOff()
        try shop.run("resume", "production").expect(0)
        try expectEqual(try shop.version("production"), "two", "what serves")
        try expectEqual(try shop.status("production").code, 0, "status")
    }

    func testAbortBringsTheOldReleaseUpAgain() throws {
        let shop = try cutOff()
        try shop.run("abort", "production").expect(0)
        try expectEqual(try shop.version("production"), "one", "what serves")
        let history = try shop.run("history", "production", "--json").expect(0).output
        guard case .list(let runs) = try JSONField(parsing: history)["deployments"] else {
            throw Unexpected(history)
        }
        try expectEqual(runs.first?["seconds"], .null, "the time that it lay dead is not the run's")
        try expect(try shop.run("history", "production").output.contains("taken back"), "history")
        try expectEqual(try shop.status("production").code, 0, "status")
    }

    func testTheNextStagingGoesOnAfterOneThatHadMigrated() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.write("503", to: "app/health")
        try shop.commit(
            version: "two", migration: ("V0002_note", "CREATE TABLE note (id INTEGER PRIMARY KEY);"))
        let run = try shop.start([shop.binary, "staging"])
        try run.awaitError("Wait until it is healthy: started")
        kill(run.pid, SIGKILL)
        try run.wait().expect(-SIGKILL)
        try shop.write("200", to: "app/health")
        try shop.commit(version: "three")
        let next = try shop.run("staging")
        try next.expect(0)
        try expect(next.errors.contains("applied migrations stay: V0002_note"), next.errors)
        try expectEqual(try shop.version("staging"), "three", "what serves")
    }
}
