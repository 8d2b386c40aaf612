import DeployTestSupport
import XCTest

/// What a plan prints is what its run starts, as seen by the kernel.
final class PrintedPlanTests: XCTestCase {
    func testWithTheDefaultListen() throws { try tell(replacing: ", \"listen\": \"socket\"", with: "") }

    func testWithSockets() throws { try tell(replacing: "\"0s\"", with: "\"1s\"") }

    /// Staging, production and rollback of a shop with files beside its database; `old` stands in its definition.
    private func tell(replacing old: String, with new: String) throws {
        let shop = try DeployctlFixture(for: self)
        let base = "environments/base.json"
        try shop.replace(old, with: new, in: base)
        try shop.replace(
            "\"drain\"",
            with: "\"shared\": [\"uploads\"], \"build\": [[\"true\", \"of shop\"]],\n  \"drain\"",
            in: base)
        try shop.replace(
            "\"verify\": \"restore\"",
            with: "\"verify\": \"restore\", \"include\": [\"database\", \"uploads\"]",
            in: "environments/production.json")
        try shop.commit([:], "More to do")
        try shop.comparePlan(["staging"])
        try shop.comparePlan(["production"], confirming: true)
        let older = try XCTUnwrap(try shop.status("production").place.release)
        try shop.post("first", to: "production")
        try shop.commit(version: "two")
        try shop.comparePlan(["staging"])
        try shop.comparePlan(["production"], confirming: true)
        try shop.post("second", to: "production")
        try shop.comparePlan(["rollback", older], confirming: true)
    }
}

/// The same with containers.
final class ComposePrintedPlanTests: ComposeTestCase {
    func testWithCompose() throws {
        try world.comparePlan(["staging"])
        try world.commit(version: "two")
        try world.comparePlan(["staging"])
        try world.comparePlan(["rollback", "previous", "--environment", "staging", "--code-only"])
    }
}
