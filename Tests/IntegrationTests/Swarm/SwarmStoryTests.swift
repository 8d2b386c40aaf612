import DeployTestSupport
import Foundation
import XCTest

/// The life of staging and production on three machines of a swarm.
final class SwarmStoryTests: XCTestCase {
    private var world: SwarmWorld!

    override class func tearDown() { ThrowawaySwarm.remove() }

    override func setUpWithError() throws { world = try SwarmWorld(for: self) }

    private static var isSoak: Bool { ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" }

    /// 20 cutovers in a soak, a sample otherwise.
    func testReleasesReplaceEachOtherWithoutAFailedRequest() throws {
        try world.run("staging").expect(0)
        try world.expectServing("one")
        try world.run("production", "--confirm", "yes").expect(13)
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        try world.expectServing("one", "production")
        let traffic = ["staging", "production"].flatMap { environment in
            ["/version", "/api/version"].map {
                LiveTraffic(port: self.world.ports[environment] ?? 0, path: $0)
            }
        }
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        try world.expectServing("two")
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        try world.expectServing("two", "production")
        try world.run(
            "rollback", "previous", "--environment", "production", "--confirm", "CONFIRM"
        ).expect(0)
        try world.expectServing("one", "production")
        for number in stride(from: 4, through: Self.isSoak ? 20 : 3, by: 1) {
            try world.commit(version: "\(number)")
            try world.run("staging").expect(0)
            try world.expectServing("\(number)")
        }
        let requests = traffic.map { $0.stop() }
        print("swarm: \(requests) requests")
        for one in traffic { try one.expectUnharmed("deploy, promote, roll back") }
        XCTAssertGreaterThan(requests.reduce(0, +), 100)
        for environment in ["staging", "production"] {
            XCTAssertEqual(try world.services(of: environment).count, 2, "the old stack is gone")
            try world.run("status", environment).expect(0)
        }
    }

    /// The swarm sends visitors to each copy that runs.
    func testACopyThatListensLateIsWaitedFor() throws {
        try world.replace(
            "    secrets: [TOKEN]\n",
            with: "    secrets: [TOKEN]\n    environment: {SLOT: \"{{.Task.Slot}}\"}\n", in: "compose.yml")
        try world.replace(
            "exec httpd", with: "test \\\"$SLOT\\\" != 2 || sleep 8; exec httpd", in: "app/Dockerfile")
        try world.commit("Let one listen late")
        let run = try world.run("staging").expect(0)
        try world.expectServing("one")
        XCTAssertGreaterThan(run.seconds, 8)
    }

    /// Ten in a soak, one otherwise; at another moment of the deployment each time.
    func testAMachineLostDuringADeploymentLeavesAWholeRelease() throws {
        try world.run("staging").expect(0)
        var serving = "one"
        var outcomes: [Int32] = []
        for number in 1...(Self.isSoak ? 10 : 1) {
            let (next, lost) = ("lost \(number)", 2 + number % 2)
            try world.commit(version: next)
            let run = try world.start([world.binary, "staging"])
            let step = "\(2 + number % 6). "
            _ = eventually(within: 120) { run.errors.contains(step) || run.ended() != nil }
            try world.swarm.kill(lost)
            let ended = try run.wait(upTo: 300)
            outcomes.append(ended.status)
            print("swarm: machine \(lost) lost at step \(step): \(ended.status) \(ended.errors.suffix(400))")
            let after = ended.status == 0 ? next : serving
            try expect(
                eventually(within: 60) { (try? world.version("staging")) == after },
                "\(after) serves as a whole after \(ended.status)\n\(ended.errors)")
            let status = try world.run("status", "staging")
            try status.expect(19, "a lost machine is said")
            try expect(status.output.contains("tb-n\(lost)"), status.output)
            if ended.status != 0 {
                try world.run("staging").expect(0, "the next command recovers, with a machine less")
            }
            try world.expectServing(next)
            serving = next
            try world.swarm.start(lost)
            try world.awaitMachines(3)
            XCTAssertEqual(try world.services().count, 2, "nothing of another release is left")
        }
        print("swarm: deployments with a machine lost ended with \(outcomes)")
        try world.run("status", "staging").expect(0)
    }

    /// The swarm is what its manager says; without it nobody can tell what runs, or end it.
    func testALostManagerIsSaidAndWhatNeedsItRefused() throws {
        try world.run("staging").expect(0)
        try world.commit(version: "two")
        try world.swarm.kill(1)
        let status = try world.run("status", "staging").expect(19)
        try expect(status.output.contains("The swarm cannot be asked"), status.output)
        for command in [["staging"], ["stop", "staging"], ["restart", "staging"]] {
            let refused = try world.run(command).expect(15)
            for words in ["The swarm cannot be asked", "nothing was changed", "docker node ls"] {
                try expect(refused.errors.contains(words), "\(words) is said: \(refused.errors)")
            }
            XCTAssertLessThan(refused.seconds, 30, "\(command)")
        }
        try world.swarm.start(1)
        try world.awaitMachines(3)
        try expect(
            eventually(within: 60) { (try? world.version("staging")) == "one" }, "what served serves again")
        try world.run("staging").expect(0, "the next command goes on as if nothing had been")
        try world.expectServing("two")
        let stop = try world.run("stop", "staging").expect(0)
        print("swarm: stopped in \(stop.seconds) s")
        XCTAssertLessThan(stop.seconds, 60)
        try expect(!stop.errors.contains("was killed"), stop.errors)
        XCTAssertEqual(try world.services().count, 0)
    }
}
