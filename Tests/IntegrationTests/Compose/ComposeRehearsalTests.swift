import DeployTestSupport
import Foundation
import XCTest

/// A rehearsed rollback with containers, behind an edge and where the service holds the public port itself.
final class ComposeRehearsalTests: ComposeTestCase {
    func testARehearsalStartsAnotherSetAndRemovesIt() throws { try rehearse() }

    func testARehearsalTakesNoPublicPort() throws {
        try world.replace(
            "\"front\": {\"role\": \"edge\", \"routes\": {\"/\": \"web\"}},", with: "", in: definition)
        try world.replace(
            "\"kind\": \"compose\"", with: "\"kind\": \"compose\", \"strategy\": \"recreate\"", in: definition
        )
        try world.commit("Without an edge")
        try rehearse()
    }

    private let definition = "environments/staging.json"

    private func rehearse() throws {
        try world.run("staging").expect(0)
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let containers = try world.containers()
        let traffic = LiveTraffic(port: world.port)
        let answer = try world.run(
            "rollback", "previous", "--environment", "staging", "--code-only", "--dry-run", "--rehearse"
        ).expect(0)
        XCTAssertTrue(answer.output.contains("live data copied in "), answer.output)
        XCTAssertTrue(answer.output.contains(" healthy on it in "), answer.output)
        XCTAssertGreaterThan(traffic.stop(), 10)
        try traffic.expectUnharmed("a rehearsal")
        XCTAssertEqual(try world.version(), "two")
        XCTAssertEqual(try world.containers(), containers)
        XCTAssertTrue(try world.status().contains("healthy"))
    }
}
