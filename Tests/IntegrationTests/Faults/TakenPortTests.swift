import DeployTestSupport
import Foundation
import XCTest

/// A service that has the public port itself, and finds it taken.
final class TakenPortTests: XCTestCase {
    private func shop(reusing: Bool) throws -> DeployctlFixture {
        try require("python3")
        let shop = try DeployctlFixture(for: self)
        try shop.replace(", \"listen\": \"socket\"", with: "", in: "environments/base.json")
        try shop.replace(
            ",\n    \"front\": {\"role\": \"edge\", \"routes\": {\"/\": \"web\"}}", with: "",
            in: "environments/base.json")
        try shop.replace(
            "\"drain\"",
            with: "\"runtime\": {\"kind\": \"process\", \"strategy\": \"recreate\"},\n  \"drain\"",
            in: "environments/base.json")
        if !reusing {
            try shop.replace(
                "allow_reuse_address = True", with: "allow_reuse_address = False", in: "app/server.py")
        }
        try shop.commit("Listen without an edge")
        return shop
    }

    func testConnectionsThatStillEndKeepNoReleaseFromItsPort() throws {
        let shop = try shop(reusing: false)
        try shop.run("staging").expect(0)
        for _ in 0..<5 { XCTAssertEqual(shop.get("/version", from: "staging").status, 200) }
        try shop.commit(version: "two")
        let run = try shop.run("staging", deadline: 150).expect(0)
        try expect(run.errors.contains("is kept by connections that still end"), run.errors)
        XCTAssertEqual(try shop.version("staging"), "two")
        try shop.expectConsistent("staging")
    }

    func testWhoHasThePortIsNamed() throws {
        let shop = try shop(reusing: true)
        let script =
            "import socket, time, sys\ns = socket.create_server(('0.0.0.0', \(shop.port("staging"))))\nprint('up', file=sys.stderr, flush=True)\ntime.sleep(300)"
        let holder = try shop.start(["python3", "-c", script])
        try holder.awaitError("up")
        let run = try shop.run("staging").expect(12).expectExplained()
        try expect(
            run.errors.contains("is held by process \(holder.pid) (python3"), run.errors)
        kill(holder.pid, SIGKILL)
        _ = try holder.wait()
        try shop.run("staging").expect(0)
    }

    func testAServiceThatBecomesADaemonIsToldToStayInTheForeground() throws {
        let shop = try shop(reusing: true)
        try shop.write("python3 app/server.py &\n", to: "app/daemon.sh")
        let command = "\"command\": [\"sh\", \"app/daemon.sh\"]"
        try shop.write(
            try shop.read("environments/base.json").replacingOccurrences(
                of: #""command": \[[^\]]*\]"#, with: command, options: .regularExpression),
            to: "environments/base.json")
        try shop.commit("A daemon")
        let run = try shop.run("staging").expect(15).expectExplained()
        try expect(run.errors.contains("running in the background"), run.errors)
        try expect(run.errors.contains("services.web.command"), run.errors)
        try expectEqual(
            shop.processes().map(\.command).filter { $0.contains("server.py") }, [], "left running")
    }
}
