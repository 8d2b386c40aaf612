import DeployTestSupport
import Foundation
import XCTest

/// Visitors see a page, whoever works on the environment sees the application.
final class MaintenanceTests: XCTestCase {
    private func page(_ world: DeployctlFixture) -> HTTPAnswer { world.get("/version", from: "staging") }

    func testVisitorsSeeAPageThroughADeploymentAndTheAllowedSeeTheApplication() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"drain\"", with: "\"front\": {\"rate\": \"1000/s\"}, \"drain\"", in: "environments/base.json")
        try world.commit("A limit, so that deployctl asks inside")
        try world.run("staging").expect(0)
        try world.run("maintenance", "on", "staging", "--allow", "2001:DB8::0:1", "-m", "moving").expect(0)
        let closed = page(world)
        XCTAssertEqual(closed.status, 503, closed.body)
        XCTAssertEqual(closed.headers["retry-after"], "120")
        XCTAssertTrue(closed.body.contains("Be right back"), closed.body)
        XCTAssertEqual(HTTP.ask("POST", "/items", port: world.port("staging"), body: "x").status, 503)

        try world.commit(version: "two")
        let done = try world.run("staging").expect(0)
        XCTAssertTrue(
            done.errors.contains("let them in with: deployctl maintenance off staging"), done.errors)
        XCTAssertTrue(
            try world.run("status", "staging").expect(0).output.contains("deployctl maintenance off staging"))
        XCTAssertEqual(page(world).status, 503, "it stays through a deployment that looks at the application")
        let status = try world.run("status", "staging", "--json").expect(0).output
        XCTAssertTrue(status.contains("\"reason\":\"moving\""), status)
        XCTAssertTrue(status.contains("2001:db8::1"), status)
        XCTAssertTrue(try world.run("audit").expect(0).output.contains("maintenance"))

        try world.run("maintenance", "on", "staging", "--allow", "127.0.0.1").expect(0)
        XCTAssertEqual(page(world).status, 200, "an address that may")
        try world.run("maintenance", "on", "staging").expect(0)
        XCTAssertEqual(page(world).status, 503)
        try world.run("maintenance", "on", "staging", "--allow", "here").expect(2).expectExplained()
        try world.run("maintenance", "off", "staging").expect(0)
        XCTAssertEqual(try world.version("staging"), "two")
    }
}
