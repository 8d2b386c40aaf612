import DeployTestSupport
import Foundation
import XCTest

/// A rehearsed rollback with containers, behind an edge and where the service holds the public port itself.
final class ComposeRehearsalTests: XCTestCase {
    private var world: ComposeWorld!

    override func setUpWithError() throws {
        try ComposeWorld.requireEngine()
        world = try ComposeWorld()
    }

    override func tearDown() {
        world?.remove()
        super.tearDown()
    }

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
        try world.succeed("staging")
        try world.commit(version: "two")
        try world.succeed("staging")
        let containers = try world.containers()
        let traffic = LiveTraffic(port: world.port)
        let answer = try world.succeed(
            "rollback", "previous", "--environment", "staging", "--code-only", "--dry-run", "--rehearse")
        XCTAssertTrue(answer.output.contains("live data copied in "), answer.output)
        XCTAssertTrue(answer.output.contains(" healthy on it in "), answer.output)
        XCTAssertGreaterThan(traffic.stop(), 10)
        try traffic.expectUnharmed("a rehearsal")
        XCTAssertEqual(try world.version(), "two")
        XCTAssertEqual(try world.containers(), containers)
        XCTAssertTrue(try world.status().contains("healthy"))
    }
}
