import DeployTestSupport
import Foundation
import XCTest

/// The life of a Compose environment, through the built program on a real engine.
final class ComposeScenarioTests: XCTestCase {
    private var world: ComposeWorld!

    override func setUpWithError() throws {
        try ComposeWorld.requireEngine()
        world = try ComposeWorld()
    }

    override func tearDown() {
        world?.remove()
        super.tearDown()
    }

    func testReleasesReplaceEachOtherWithoutAFailedRequest() throws {
        try world.succeed("staging")
        XCTAssertEqual(try world.version(), "one")
        let keeper = try world.container("keeper")
        let traffic = LiveTraffic(port: world.port)

        try world.commit(version: "two")
        try world.succeed("staging")
        XCTAssertEqual(try world.version(), "two")
        try world.succeed("restart", "staging")
        try world.succeed("rollback", "previous", "--environment", "staging", "--code-only")
        XCTAssertEqual(try world.version(), "one")

        XCTAssertGreaterThan(traffic.stop(), 50)
        try traffic.expectUnharmed("deploy, restart and rollback")
        XCTAssertEqual(try world.containers().count, 2, "the old sets are gone")
        XCTAssertEqual(try world.container("keeper"), keeper, "what outlives releases was not touched")
        try world.succeed("staging")
    }

    func testADeploymentThatChangesNothingTouchesNothing() throws {
        try world.succeed("staging")
        let before = try world.containers()
        let began = Date()
        XCTAssertTrue(try world.succeed("staging").errors.contains("Nothing to do"))
        print("no-op: \(Date().timeIntervalSince(began)) s")
        XCTAssertEqual(try world.containers(), before)
    }

    func testStopEndsEverythingAndStartBringsItBack() throws {
        try world.succeed("staging")
        try world.succeed("stop", "staging")
        XCTAssertEqual(
            try world.docker(["ps", "-q", "--filter", "label=deployctl.project=\(world.name)"]), "")
        _ = try world.docker(["volume", "inspect", "\(world.name)_kept"])
        XCTAssertTrue(try world.status().contains("stopped"))
        try world.succeed("start", "staging")
        XCTAssertEqual(try world.version(), "one")
        XCTAssertTrue(try world.status().contains("healthy"))
    }

    func testOneServiceIsRestartedAtItsPort_T23() throws {
        try world.succeed("staging")
        let before = try world.container("web")
        // Takes the address the container had.
        let squatter = try world.docker([
            "run", "-d", "--rm", "--network", "\(world.name)-net", "--label",
            "deployctl-test=\(world.name)", "busybox", "sleep", "60",
        ])
        defer { _ = try? world.docker(["rm", "-f", squatter]) }
        try world.succeed("restart", "staging", "web")
        XCTAssertNotEqual(try world.container("web"), before)
        XCTAssertEqual(try world.version(), "one")
        XCTAssertTrue(try world.status().contains("healthy"))
    }

    func testAChangedDataServiceIsAppliedByADeploymentAndTakenBackWithIt() throws {
        try world.succeed("staging")
        let first = try world.container("keeper")
        try world.replace("echo keeping", with: "echo keeping better", in: "compose.yml")
        try world.write("500\n", to: "app/health")
        try world.commit("Change the keeper, and break the shop")
        try world.fail(15, "staging")
        XCTAssertEqual(try world.version(), "one", "the old release serves")
        let command = try world.docker([
            "inspect", "--format", "{{json .Config.Cmd}}", world.container("keeper"),
        ])
        XCTAssertFalse(command.contains("better"), "taken back: \(command)")

        try world.write("200\n", to: "app/health")
        try world.commit("Mend the shop")
        try world.succeed("staging")
        XCTAssertNotEqual(try world.container("keeper"), first)
        XCTAssertEqual(try world.containers().count, 2)
    }

    func testWhatContainersPrintIsKept() throws {
        try world.succeed("staging")
        XCTAssertTrue(
            eventually { world.log("web").contains("serving one") })
        try world.succeed("restart", "staging", "web")
        let kept = eventually {
            let log = world.log("web")
            return log.components(separatedBy: "serving one").count == 3
        }
        XCTAssertTrue(kept, world.log("web"))
        XCTAssertTrue(try world.succeed("logs", "staging", "keeper").output.contains("keeping"))
    }

    func testAFollowerThatDiedIsReplacedWithoutRepeatingALine() throws {
        try world.succeed("staging")
        XCTAssertTrue(
            eventually { world.log("web").contains("serving one") })
        let container = try world.container("web")
        let follower = try XCTUnwrap(
            world.run("pgrep", ["-f", "docker logs.*\(container)"]).output.split(separator: "\n").first
                .flatMap { Int32($0) })
        kill(follower, SIGKILL)
        try world.docker(["restart", container])
        _ = try world.deployctl("logs", "staging")
        let kept = eventually {
            let log = world.log("web")
            return log.components(separatedBy: "serving one").count == 3
        }
        XCTAssertTrue(kept, world.log("web"))
    }

    func testAProgramRunsWhereTheServiceRuns() throws {
        try world.succeed("staging")
        let answer = try world.fail(
            7, "exec", "staging", "web", "--", "python3", "-c",
            "import os, sys; print(os.environ['DEPLOYCTL_RELEASE'], sys.argv); sys.exit(7)", "a b", "--flag")
        XCTAssertTrue(answer.output.contains("'a b', '--flag'"), answer.output)
        XCTAssertTrue(try world.succeed("exec", "staging", "keeper", "--", "ls", "/").output.contains("kept"))
        try world.fail(17, "exec", "staging", "front", "--", "ls")
        try world.fail(2, "exec", "staging", "web")
    }
}
