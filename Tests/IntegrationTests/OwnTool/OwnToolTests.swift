import DeployTestSupport
import Foundation
import XCTest

/// The project's own tool deploys; deployctl believes what its status says.
final class OwnToolTests: XCTestCase {
    func testOneReleaseGoesToStagingProductionAndBack() throws {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.promote()
        XCTAssertEqual(try shop.world("production").version, "one")
        XCTAssertTrue(shop.takeCalls("production").contains { $0.hasPrefix("deploy \(one)") })
        let two = try shop.stage("two")
        try shop.run("production").expect(13)
        XCTAssertEqual(try shop.world("production").version, "one", "nobody typed CONFIRM")
        try shop.promote()
        XCTAssertEqual(try shop.world("production").release, two)
        let (code, place) = try shop.status("production")
        XCTAssertEqual(code, 0)
        XCTAssertEqual(place.state, "healthy")
        _ = shop.takeCalls("production")
        try shop.run("rollback", one, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production").version, "one")
        XCTAssertTrue(
            shop.takeCalls("production").contains { $0.hasPrefix("rollback \(one) \(two) as \(one)") })
        XCTAssertEqual(shop.names(in: ".deployctl/production/run").count, 2, "the link and one instance")
    }

    func testThePlanSaysWhichCommandsRunAndWhatIsTheCutover() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        let plan = try shop.run("plan", "production").expect(0).output
        for text in ["./tool deploy", "./tool status", "which is the cutover", "./tool health"] {
            XCTAssertTrue(plan.contains(text), "\(text) is not in\n\(plan)")
        }
        XCTAssertFalse(plan.contains("nginx"), plan)
        XCTAssertFalse(plan.contains(ToolShop.token), plan)
    }

    func testStoppedStartedAndRestartedAsAWhole() throws {
        let shop = try ToolShop(for: self)
        let one = try shop.stage("one")
        try shop.run("stop", "staging").expect(0)
        XCTAssertEqual(try shop.world("staging").state, "stopped")
        XCTAssertEqual(try shop.status("staging").place.state, "stopped")
        try shop.run("start", "staging").expect(0)
        XCTAssertEqual(try shop.world("staging").release, one)
        let before = try shop.world("staging").deployment
        try shop.run("restart", "staging").expect(0)
        XCTAssertNotEqual(try shop.world("staging").deployment, before)
        try shop.run("restart", "staging", "application").expect(2)
        XCTAssertEqual(try shop.status("staging").code, 0)
        try shop.become(.stubborn, in: "staging")
        let run = try shop.run("stop", "staging").expect(15)
        XCTAssertTrue(run.errors.contains("names it still"), run.errors)
    }

    func testSomebodyElsesDeploymentIsDrift() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        try "{\"release\": \"20200101000000\", \"state\": \"running\"}".write(
            toFile: "\(shop.folder)/staging.world", atomically: true, encoding: .utf8)
        let (code, place) = try shop.status("staging")
        XCTAssertEqual(code, 19)
        XCTAssertTrue(place.drift.contains { $0.contains("20200101000000 is running") }, "\(place.drift)")
    }

    func testWhatItsHealthComplainsOfIsNotHealthy() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        try "".write(toFile: "\(shop.folder)/staging.world.sick", atomically: true, encoding: .utf8)
        let (code, place) = try shop.status("staging")
        XCTAssertEqual(code, 19)
        XCTAssertTrue(place.drift.contains { $0.contains("p95 is 4 s") }, "\(place.drift)")
        try shop.run("production", "--confirm", "CONFIRM").expect(12)
    }

    func testWhatIsNotWellIsNotPromoted() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        try shop.become(.broken, in: "staging")
        let run = try shop.run("status", "staging").expect(19)
        XCTAssertFalse((run.output + run.errors).contains(ToolShop.token), run.output)
        try shop.run("production", "--confirm", "CONFIRM").expect(12)
    }

    func testItsLogsAndProgramsAreTheTools() throws {
        let shop = try ToolShop(for: self)
        try shop.run("logs", "staging").expect(17)
        try shop.stage("one")
        XCTAssertEqual(try shop.run("logs", "staging").expect(0).output, "line one\nline two\n")
        XCTAssertEqual(try shop.run("logs", "staging", "-n", "1").expect(0).output, "line two\n")
        try shop.run("logs", "staging", "--follow").expect(2)
        let run = try shop.run("exec", "staging", "application", "--", "cat", "version").expect(0)
        XCTAssertEqual(run.output, "one")
    }

    func testTheKindDoesNotChangeUnderWhatServes() throws {
        let shop = try ToolShop(for: self)
        try shop.stage("one")
        try shop.replace("\"kind\": \"command\"", with: "\"kind\": \"process\"", in: "environments/base.json")
        let text = try shop.read("environments/base.json")
        let runtime = try XCTUnwrap(
            text.range(of: #"(?s)"runtime": \{.*?\n  \},"#, options: .regularExpression))
        try shop.write(
            text.replacingCharacters(
                in: runtime,
                with:
                    "\"services\": {\"web\": {\"role\": \"app\", \"command\": [\"sleep\", \"9\"], \"listen\": \"none\"}},"
            ),
            to: "environments/base.json")
        try shop.commit("Processes")
        let run = try shop.run("staging").expect(10)
        XCTAssertTrue(run.errors.contains("cannot change from command to process"), run.errors)
        try shop.run("stop", "staging").expect(0)
        XCTAssertEqual(try shop.world("staging").state, "stopped")
        try shop.run("staging").expect(0)
    }
}
