import DeployTestSupport
import Foundation
import XCTest

/// What steps that failed, and people who removed things by hand, leave running and lying about.
final class LeftBehindTests: XCTestCase {
    private func deployed() throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        return shop
    }

    func testAnInstanceThatNothingLeadsToIsNamedAndEndedByTheNextDeployment() throws {
        for lost in ["current", "instance.json", ""] {
            let shop = try deployed()
            let folder = try shop.currentInstance("staging")
            let instance = (folder as NSString).lastPathComponent
            try FileManager.default.removeItem(
                atPath: lost == "current"
                    ? "\(shop.project)/.deployctl/staging/run/current" : "\(folder)/\(lost)")
            try shop.run("restart", "staging").expect(0, lost)
            let (code, place) = try shop.status("staging")
            try expectEqual(code, 19, "status without \(lost)")
            try expect(
                place.drift.contains { $0.contains("deployment \(instance) still runs") },
                "\(lost): \(place.drift)")
            try shop.commit(version: "two")
            try shop.run("staging").expect(0)
            try expectEqual(try shop.strays("staging").map(\.pid), [], "left running without \(lost)")
            try expectEqual(try shop.status("staging").code, 0, "status")
        }
    }

    func testWhatARollbackCannotStopIsNamedAndEndedByTheNextDeployment() throws {
        try require("strace")
        let shop = try deployed()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let calls = "kill,pidfd_send_signal"
        let rollback = try shop.runProgram([
            "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
            "inject=\(calls):error=EPERM", shop.binary, "-C", shop.project, "rollback", "previous", "-e",
            "staging", "--code-only", "--confirm", "CONFIRM",
        ])
        try expectEqual(rollback.status, 16, rollback.errors)
        try expect(rollback.errors.contains("do not end"), rollback.errors)
        try expectEqual(try shop.version("staging"), "one", "what serves")
        let (code, place) = try shop.status("staging")
        try expectEqual(code, 19, "status")
        try expect(place.drift.contains { $0.contains("still runs") }, "\(place.drift)")
        try shop.commit(version: "three")
        try shop.run("staging").expect(0)
        try expectEqual(try shop.strays("staging").map(\.pid), [], "left running")
        try expectEqual(try shop.status("staging").code, 0, "status afterwards")
    }

    func testReleasesThatFailDoNotPileUp() throws {
        let shop = try deployed()
        let before = shop.names(in: ".deployctl/staging/releases")
        try shop.replace("\"timeout\": \"10s\"", with: "\"timeout\": \"1s\"", in: "environments/base.json")
        try shop.write("503", to: "app/health")
        for number in 1...2 {
            try shop.commit(version: "bad \(number)")
            try shop.run("staging").expect(15)
        }
        try expectEqual(shop.names(in: ".deployctl/staging/releases"), before, "releases on disk")
        try expectEqual(try shop.version("staging"), "one", "what serves")
    }

    func testADatabaseThatItsApplicationKeepsLockedIsNamedAndStopsNobody() throws {
        try require("python3")
        let shop = try deployed()
        let locker = try shop.start([
            "python3", "-c",
            """
            import sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("BEGIN EXCLUSIVE")
            print("locked", file=sys.stderr, flush=True)
            time.sleep(300)
            """, "\(shop.project)/.deployctl/staging/shared/data/app.db",
        ])
        try locker.awaitError("locked")
        let (code, place) = try shop.status("staging")
        try expectEqual(code, 19, "status")
        try expect(
            place.drift.contains { $0.contains("the database cannot be read: database is locked") },
            "\(place.drift)")
        try shop.commit(version: "two")
        let refused = try shop.run("staging")
        try refused.expect(15)
        try refused.expectExplained()
        try shop.run("stop", "staging").expect(0)
        kill(locker.pid, SIGKILL)
        _ = try locker.wait()
    }
}
