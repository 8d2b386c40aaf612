import DeployTestSupport
import Foundation
import XCTest

/// One request can be followed from the answer a visitor got to what the edge and the services wrote of it.
final class RequestTraceTests: XCTestCase {
    private func world() throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        let old = "if name.lower() == \"content-length\":"
        try world.replace(
            old,
            with:
                "if name.lower() == \"x-request-id\":\n                print(f\"asked {value.strip()}.\", flush=True)\n            \(old)",
            in: "app/server.py")
        try world.commit("Log ids")
        try world.run("staging").expect(0)
        return world
    }

    private func id(_ answer: HTTPAnswer) throws -> String { try XCTUnwrap(answer.headers["x-request-id"]) }

    func testARequestIsFollowedThroughEdgeFrontAndService() throws {
        let world = try world()
        let ids = try (0..<3).map { _ in try id(world.get("/version", from: "staging")) }
        XCTAssertEqual(Set(ids).count, 3)
        let found = try world.run("logs", "staging", "--request", ids[1]).expect(0).output
        let lines = found.split(separator: "\n").map(String.init)
        XCTAssertEqual(lines.count, 2, found)
        XCTAssertTrue(lines[0].hasPrefix("access | {") && lines[0].contains(#""service":"web""#), found)
        XCTAssertTrue(lines[0].matches(of: #/"release":"\d{14}"/#).count == 1, found)
        XCTAssertTrue(lines[1].contains("web | ") && lines[1].contains("asked \(ids[1])."), found)

        struct Line: Decodable { let service, line: String }
        let answer = try world.run("logs", "staging", "--request", ids[1], "--json").expect(0).output
        let objects = try answer.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        XCTAssertEqual(objects.map(\.service), ["access", "web"])
        let part = String(ids[1].dropLast())
        try world.run("logs", "staging", "--request", part).expect(17).expectExplained()
        try world.run("logs", "staging", "--request", "a b").expect(2).expectExplained()
        try world.run("logs", "staging", "--request", ids[1], "--access").expect(2).expectExplained()
    }

    func testAnAnswerOfTheEdgeItselfHasAnIdToo() throws {
        let world = try DeployctlFixture(for: self)
        // So that this machine counts as a visitor: deployctl asks at a door of its own then.
        try world.replace(
            "\"drain\"", with: "\"front\": {\"rate\": \"1000/s\"}, \"drain\"", in: "environments/base.json")
        try world.commit("Count requests")
        try world.run("staging").expect(0)
        try world.run("maintenance", "on", "staging", "--allow", "192.0.2.1").expect(0)
        let shown = world.get("/version", from: "staging")
        XCTAssertEqual(shown.status, 503)
        let found = try world.run("logs", "staging", "--request", try id(shown)).expect(0).output
        XCTAssertTrue(found.contains(#""status":503"#), found)
    }
}
