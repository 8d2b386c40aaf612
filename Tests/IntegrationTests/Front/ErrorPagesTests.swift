import DeployTestSupport
import Foundation
import XCTest

/// Where nginx itself answers with an error, people see the page of the release that serves.
final class ErrorPagesTests: XCTestCase {
    func testTheEdgeAndTheFrontShowTheReleasesPages() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"drain\"",
            with:
                #""front": {"body": "1kB", "errors": {"502": "errors/502.html", "413": "errors/413.html"}}, "drain""#,
            in: "environments/base.json")
        try world.write("away one", to: "errors/502.html")
        try world.write("too much", to: "errors/413.html")
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        XCTAssertEqual(world.get("/nothing", from: "staging").status, 404, "the service's own answers stay")
        let large = HTTP.ask(
            "POST", "/items", port: world.port("staging"), body: String(repeating: "x", count: 5000))
        XCTAssertEqual(large.status, 413)
        XCTAssertEqual(large.body, "too much", "the edge")
        let root = "\(world.project)/.deployctl/staging"
        let service = try world.runProgram(["sh", "-c", "ls \(root)/run/current/*.sock"]).expect(0).output
            .split(separator: "\n").map(String.init).first { $0.contains("app-web") }
        let socket = try XCTUnwrap(service)
        try FileManager.default.moveItem(atPath: socket, toPath: "\(socket).away")
        for method in ["GET", "POST"] {
            let answer = HTTP.ask(method, "/health", port: world.port("staging"), body: "x")
            XCTAssertEqual(answer.status, 502, method)
            XCTAssertEqual(answer.body, "away one", "\(method): the front")
        }
        try FileManager.default.moveItem(atPath: "\(socket).away", toPath: socket)
        let front = "\(root)/run/current/front.sock"
        try FileManager.default.moveItem(atPath: front, toPath: "\(front).away")
        let answer = world.get("/health", from: "staging")
        XCTAssertEqual(answer.status, 502)
        XCTAssertEqual(answer.body, "away one", "the edge, in front of a front that is gone")
        try FileManager.default.removeItem(atPath: "\(root)/run/current/errors/502.html")
        XCTAssertEqual(
            world.get("/health", from: "staging").status, 502, "nginx's own where the page is gone")
        try FileManager.default.moveItem(atPath: "\(front).away", toPath: front)
        XCTAssertEqual(world.get("/health", from: "staging").status, 200)
    }

    /// Once, whoever of edge and front it is that says so; what the service answers is its own.
    func testAnErrorThatPassesByItselfSaysWhenToAskAgain() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let root = "\(world.project)/.deployctl/staging"
        func said(_ path: String) throws -> (status: Int?, retries: [String]) {
            let url = "http://127.0.0.1:\(world.port("staging"))\(path)"
            let lines = try world.runProgram(["curl", "-s", "-i", url]).expect(0).output
                .components(separatedBy: "\r\n")
            let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            return (status, lines.filter { $0.lowercased().hasPrefix("retry-after:") })
        }
        XCTAssertEqual(try said("/version").retries, [])
        XCTAssertEqual(try said("/nothing").retries, [])
        let health = URL(fileURLWithPath: "\(root)/current/app/health").resolvingSymlinksInPath().path
        try world.runProgram(["sh", "-c", "chmod u+w \(health); echo 503 > \(health)"]).expect(0)
        let own = try said("/health")
        XCTAssertEqual(own.status, 503)
        XCTAssertEqual(own.retries, [], "the service said what it wanted to")
        for process in world.processes() where process.command.contains("server.py") {
            kill(process.pid, SIGKILL)
        }
        let away = try said("/version")
        XCTAssertEqual(away.status, 502)
        XCTAssertEqual(away.retries, ["Retry-After: 5"], "the front's")
        let front = "\(root)/run/current/front.sock"
        try FileManager.default.moveItem(atPath: front, toPath: "\(front).away")
        let gone = try said("/version")
        XCTAssertEqual(gone.status, 502)
        XCTAssertEqual(gone.retries, ["Retry-After: 5"], "the edge's")
        try FileManager.default.moveItem(atPath: "\(front).away", toPath: front)
        XCTAssertEqual(try said("/version").retries, ["Retry-After: 5"], "not one of each")
    }
}
