import DeployTestSupport
import Foundation
import XCTest

/// The life of a Compose environment, through the built program on a real engine.
final class ComposeScenarioTests: ComposeTestCase {
    func testReleasesReplaceEachOtherWithoutAFailedRequest() throws {
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version(), "one")
        let keeper = try world.container("keeper")
        let traffic = LiveTraffic(port: world.port)

        try world.commit(version: "two")
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version(), "two")
        try world.run("restart", "staging").expect(0)
        try world.run("rollback", "previous", "--environment", "staging", "--code-only").expect(0)
        XCTAssertEqual(try world.version(), "one")

        XCTAssertGreaterThan(traffic.stop(), 50)
        try traffic.expectUnharmed("deploy, restart and rollback")
        XCTAssertEqual(try world.containers().count, 2, "the old sets are gone")
        XCTAssertEqual(try world.container("keeper"), keeper, "what outlives releases was not touched")
        try world.run("staging").expect(0)
    }

    func testADeploymentThatChangesNothingTouchesNothing() throws {
        try world.run("staging").expect(0)
        let before = try world.containers()
        let began = Date()
        XCTAssertTrue(try world.run("staging").expect(0).errors.contains("Nothing to do"))
        print("no-op: \(Date().timeIntervalSince(began)) s")
        XCTAssertEqual(try world.containers(), before)
    }

    func testStopEndsEverythingAndStartBringsItBack() throws {
        try world.run("staging").expect(0)
        try world.run("stop", "staging").expect(0)
        XCTAssertEqual(
            try world.docker(["ps", "-q", "--filter", "label=deployctl.project=\(world.name)"]), "")
        _ = try world.docker(["volume", "inspect", "\(world.name)_kept"])
        XCTAssertTrue(try world.status().contains("stopped"))
        try world.run("start", "staging").expect(0)
        XCTAssertEqual(try world.version(), "one")
        XCTAssertTrue(try world.status().contains("healthy"))
    }

    func testOneServiceIsRestartedAtItsPort_T23() throws {
        try world.run("staging").expect(0)
        let before = try world.container("web")
        // Takes the address the container had.
        let squatter = try world.docker([
            "run", "-d", "--rm", "--network", "\(world.name)-net", "--label",
            "deployctl-test=\(world.name)", "busybox", "sleep", "60",
        ])
        defer { _ = try? world.docker(["rm", "-f", squatter]) }
        try world.run("restart", "staging", "web").expect(0)
        XCTAssertNotEqual(try world.container("web"), before)
        XCTAssertEqual(try world.version(), "one")
        XCTAssertTrue(try world.status().contains("healthy"))
    }

    func testAChangedDataServiceIsAppliedByADeploymentAndTakenBackWithIt() throws {
        try world.run("staging").expect(0)
        let first = try world.container("keeper")
        try world.replace("echo keeping", with: "echo keeping better", in: "compose.yml")
        try world.write("500\n", to: "app/health")
        try world.commit("Change the keeper, and break the shop")
        try world.run("staging").expect(15)
        XCTAssertEqual(try world.version(), "one", "the old release serves")
        let command = try world.docker([
            "inspect", "--format", "{{json .Config.Cmd}}", world.container("keeper"),
        ])
        XCTAssertFalse(command.contains("better"), "taken back: \(command)")

        try world.write("200\n", to: "app/health")
        try world.commit("Mend the shop")
        try world.run("staging").expect(0)
        XCTAssertNotEqual(try world.container("keeper"), first)
        XCTAssertEqual(try world.containers().count, 2)
    }

    func testWhatContainersPrintIsKept() throws {
        try world.run("staging").expect(0)
        XCTAssertTrue(
            eventually { world.log("web").contains("serving one") })
        try world.run("restart", "staging", "web").expect(0)
        let kept = eventually {
            let log = world.log("web")
            return log.components(separatedBy: "serving one").count == 3
        }
        XCTAssertTrue(kept, world.log("web"))
        XCTAssertTrue(try world.run("logs", "staging", "keeper").expect(0).output.contains("keeping"))
    }

    func testAFollowerThatDiedIsReplacedWithoutRepeatingALine() throws {
        try world.run("staging").expect(0)
        XCTAssertTrue(
            eventually { world.log("web").contains("serving one") })
        let container = try world.container("web")
        let follower = try XCTUnwrap(
            world.runProgram(["pgrep", "-f", "docker logs.*\(container)"]).output.split(separator: "\n").first
                .flatMap { Int32($0) })
        kill(follower, SIGKILL)
        try world.docker(["restart", container])
        try world.run("logs", "staging")
        let kept = eventually {
            let log = world.log("web")
            return log.components(separatedBy: "serving one").count == 3
        }
        XCTAssertTrue(kept, world.log("web"))
    }

    func testAProgramRunsWhereTheServiceRuns() throws {
        try world.run("staging").expect(0)
        let answer = try world.run(
            "exec", "staging", "web", "--", "python3", "-c",
            "import os, sys; print(os.environ['DEPLOYCTL_RELEASE'], sys.argv); sys.exit(7)", "a b", "--flag"
        ).expect(7)
        XCTAssertTrue(answer.output.contains("'a b', '--flag'"), answer.output)
        XCTAssertTrue(
            try world.run("exec", "staging", "keeper", "--", "ls", "/").expect(0).output.contains("kept"))
        try world.run("exec", "staging", "front", "--", "ls").expect(17)
        try world.run("exec", "staging", "web").expect(2)
    }

    func testServicesOfOneReleaseFindEachOtherAndNotThoseOfAnother() throws {
        let worker = "  worker:\n    build: ./app\n    init: true\n    command: [sleep, '100000']\n"
        try world.replace("  keeper:\n", with: worker + "  keeper:\n", in: "compose.yml")
        try world.replace(
            "\"front\": {", with: "\"worker\": {\"role\": \"app\", \"listen\": \"none\"}, \"front\": {",
            in: "environments/staging.json")
        for version in ["one", "two"] {
            try world.commit(version: version)
            try world.run("staging").expect(0)
            let script = "import urllib.request as r; print(r.urlopen('http://web:8000/version').read())"
            let answer = try world.run("exec", "staging", "worker", "--", "python3", "-c", script).expect(0)
            XCTAssertTrue(answer.output.contains("\"version\": \"\(version)\""), answer.output)
        }
        let names = try world.docker([
            "inspect", "--format", "{{json (index .NetworkSettings.Networks \"\(world.name)-net\").Aliases}}",
            world.container("web"),
        ])
        XCTAssertFalse(names.contains("\"web\""), "one name, two sets: \(names)")
        XCTAssertEqual(try world.containers().count, 3)
        let networks = try world.docker([
            "network", "ls", "-q", "--filter", "label=deployctl.project=\(world.name)",
        ])
        XCTAssertEqual(networks.split(separator: "\n").count, 2, "the environment's and this release's")
    }

    func testWithoutAnEdgeTheServiceHoldsThePublicPortItself() throws {
        try world.replace(
            "\"front\": {\"role\": \"edge\", \"routes\": {\"/\": \"web\"}},", with: "",
            in: "environments/staging.json")
        try world.replace(
            "\"file\": \"compose.yml\"}", with: "\"file\": \"compose.yml\", \"strategy\": \"recreate\"}",
            in: "environments/staging.json")
        for version in ["one", "two"] {
            try world.commit(version: version)
            try world.run("staging").expect(0)
            XCTAssertEqual(try world.version(), version)
        }
        XCTAssertTrue(try world.status().contains("healthy"))
        XCTAssertEqual(try world.containers().count, 2)
    }
}
