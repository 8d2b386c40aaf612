import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Features are switched without a deployment, each by a run of its own.
final class FeatureTests: XCTestCase {
    private func world() throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"drain\"",
            with:
                #""features": {"payme": false, "new-cart": "25%"}, "build": [["sh", "-c", "env > built"]], "drain""#,
            in: "environments/base.json")
        try world.commit("Features")
        try world.run("staging").expect(0)
        return world
    }

    /// What services of an environment read.
    private func file(_ environment: String, of world: DeployctlFixture) throws -> String {
        try world.read(".deployctl/\(environment)/features/features.json")
    }

    /// The switches that a running service was started with.
    private func variables(_ environment: String, of world: DeployctlFixture) throws -> [String] {
        let pid = try XCTUnwrap(
            world.processes().first {
                $0.command.contains("server.py")
                    && (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0.pid)/cwd"))?
                        .contains("/\(environment)/") == true
            }?.pid)
        let all = try String(contentsOfFile: "/proc/\(pid)/environ", encoding: .utf8)
        return all.split(separator: "\0").map(String.init).filter { $0.hasPrefix("FEATURE_") }.sorted()
    }

    func testASwitchIsConfirmedReadAtOnceAndStaysThroughDeploymentsAndRollbacks() throws {
        let world = try world()
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        try expectEqual(try file("production", of: world), #"{"new-cart":25,"payme":0}"#, "production")
        try expectEqual(
            try variables("production", of: world), ["FEATURE_NEW_CART=25%", "FEATURE_PAYME=off"], "variables"
        )

        let built = try world.read(".deployctl/production/current/built")
        XCTAssertFalse(built.contains("FEATURE"), "what is built in staging is promoted: \(built)")
        let before = try world.version("production")
        try world.run("feature", "payme", "production", "on").expect(13).expectExplained()
        try expectEqual(try file("production", of: world), #"{"new-cart":25,"payme":0}"#, "unconfirmed")
        let said = try world.run(
            "feature", "payme", "production", "50%", "--reason", "half of them", "--confirm", "CONFIRM"
        ).expect(0).errors
        XCTAssertTrue(said.contains("To undo: deployctl feature payme production off"), said)
        try expectEqual(try file("production", of: world), #"{"new-cart":25,"payme":50}"#, "production")
        try expectEqual(try file("staging", of: world), #"{"new-cart":25,"payme":0}"#, "another environment")
        try expectEqual(try world.version("production"), before, "release")

        try world.commit(version: "two")
        try world.run("staging").expect(0)
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        try expectEqual(
            try variables("production", of: world), ["FEATURE_NEW_CART=25%", "FEATURE_PAYME=50%"], "variables"
        )
        try world.run("rollback", "previous", "--environment", "production", "--confirm", "CONFIRM").expect(0)
        try expectEqual(try file("production", of: world), #"{"new-cart":25,"payme":50}"#, "production")

        let status = try world.run("status", "production").output
        XCTAssertTrue(status.contains("payme 50%, switched"), status)
        XCTAssertTrue(status.contains(": half of them"), status)
        XCTAssertTrue(try world.run("history").expect(0).output.contains("payme 50%"))
        XCTAssertTrue(try world.run("audit", "production").expect(0).output.contains("payme 50%"))
        try world.run("feature", "payme", "production", "off", "--confirm", "CONFIRM").expect(0)
        try expectEqual(try file("production", of: world), #"{"new-cart":25,"payme":0}"#, "production")
    }

    func testAPlanThatWasShownBeforeASwitchIsAnotherPlan() throws {
        let world = try world()
        func plan() throws -> JSONField {
            try XCTUnwrap(
                JSONField(parsing: world.run("plan", "production", "--json").expect(0).output)["plan_id"])
        }
        let shown = try plan()
        try expectEqual(try plan(), shown, "the same plan")
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let next = try plan()
        try world.run("feature", "new-cart", "production", "off", "--confirm", "CONFIRM").expect(0)
        XCTAssertNotEqual(try plan(), next)
    }

    func testAnAgentProposesASwitchOfProductionAndAPersonConfirmsIt() throws {
        let world = try world()
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        let agent = ["DEPLOYCTL_TRIGGER": "agent"]
        try world.run("feature", "payme", "staging", "on", environment: agent).expect(0)
        let proposed = try world.run(
            "feature", "payme", "production", "on", "--confirm", "CONFIRM", environment: agent
        ).expect(13).errors
        try expectEqual(try file("production", of: world), #"{"new-cart":25,"payme":0}"#, "proposed")
        let id = try XCTUnwrap(proposed.firstMatch(of: #/--confirm ([0-9a-f]{16})/#)?.1, proposed)
        try world.run("feature", "payme", "production", "on", "--confirm", String(id)).expect(0)
        try expectEqual(try file("production", of: world), #"{"new-cart":25,"payme":100}"#, "confirmed")
    }

    func testWhatCannotBeSwitchedIsSaidWithWhatCan() throws {
        let world = try world()
        try world.run("feature", "payme", "staging", "maybe").expect(2).expectExplained()
        try world.run("feature", "payme", "staging", "101%").expect(2).expectExplained()
        try world.run("feature", "staging", "payme", "on").expect(2).expectExplained()
        try world.run("feature", "payme", "production", "on").expect(17).expectExplained()
        let unknown = try world.run("feature", "payne", "on").expect(17).expectExplained().errors
        XCTAssertTrue(unknown.contains("deployctl feature payme staging on"), unknown)
        try world.run("feature", "payme", "on").expect(0)
        XCTAssertTrue(try world.run("feature", "payme", "on").expect(0).errors.contains("already"))
        try world.replace("\"25%\"", with: "\"a quarter\"", in: "environments/base.json")
        try world.run("validate").expect(10).expectExplained()
    }

    func testASwitchThatCannotBeWrittenIsTakenBack() throws {
        let world = try world()
        let folder = "\(world.project)/.deployctl/staging/features"
        try FileManager.default.removeItem(atPath: folder)
        try "no folder".write(toFile: folder, atomically: true, encoding: .utf8)
        XCTAssertNotEqual(try world.run("feature", "payme", "on").status, 0)
        try FileManager.default.removeItem(atPath: folder)
        let status = try world.run("status", "staging").output
        XCTAssertTrue(status.contains("payme off\n"), status)
        try world.run("feature", "payme", "on").expect(0)
        try expectEqual(try file("staging", of: world), #"{"new-cart":25,"payme":100}"#, "staging")
    }
}
