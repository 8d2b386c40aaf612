import DeployTestSupport
import Foundation
import XCTest

/// What ends unasked runs again; what somebody ended stays ended.
final class KeeperTests: KeeperTestCase {
    func testEachProcessThatIsKilledRunsAgain() throws {
        let (world, _) = try keptWorld()
        for number in 0..<9 {
            let victims = all(world).filter { !$0.command.contains("worker process") }
            XCTAssertGreaterThanOrEqual(victims.count, 3, "service, front and edge")
            let victim = try XCTUnwrap(victims.isEmpty ? nil : victims[number % victims.count])
            kill(victim.pid, SIGKILL)
            try expectEventually("\(victim.command) runs again") {
                all(world).contains { $0.command == victim.command && $0.pid != victim.pid } && serves(world)
            }
        }
        try world.post("after all that", to: "production")
        XCTAssertEqual(try strays(world), [])
        let place = try standing(world)
        XCTAssertEqual(place.services.first?.restarts.map { $0 >= 1 }, true, "\(place)")
    }

    /// Between the two nobody but the old workers answers, at sockets that the new master goes on with.
    func testAllThatIsKilledAtOnceComesBackInBothEnvironments() throws {
        let (world, _) = try keptWorld()
        try world.post("before", to: "production")
        for process in all(world) + all(world, in: "staging") { kill(process.pid, SIGKILL) }
        try expectEventually("both serve") {
            serves(world) && world.get("/version", from: "staging").status == 200
        }
        XCTAssertEqual(try world.items("production"), ["before"])
        // A worker that its master started while both were killed serves until the keeper ends it.
        try expectEventually("all is well") { (try? world.run("status").status) == 0 }
    }

    func testWhatSomebodyEndedStaysEnded() throws {
        let (world, _) = try keptWorld()
        try world.run("stop", "production", "web").expect(0)
        usleep(1_500_000)
        XCTAssertEqual(try standing(world).services.first?.state, "stopped")
        try world.run("start", "production", "web").expect(0)
        XCTAssertTrue(serves(world))
        try world.run("stop", "production").expect(0)
        usleep(1_500_000)
        XCTAssertEqual(all(world).map(\.command), [])
        XCTAssertEqual(try standing(world).state, "stopped")
        try world.run("start", "production").expect(0)
        XCTAssertTrue(serves(world))
    }

    func testACrashLoopIsAStateWithWhatToType() throws {
        let (world, _) = try keptWorld()
        // What the release cannot do without is gone, as with a full disk or a broken library.
        let release = "\(world.project)/.deployctl/production/current/app/server.py"
        let path = URL(fileURLWithPath: release).resolvingSymlinksInPath().path
        let text = try XCTUnwrap(FileManager.default.contents(atPath: path))
        try world.runProgram(["chmod", "u+w", (path as NSString).deletingLastPathComponent]).expect(0)
        try FileManager.default.removeItem(atPath: path)
        for process in all(world) where process.command.contains("server.py") { kill(process.pid, SIGKILL) }
        try expectEventually("a loop is said") { try standing(world).state == "crash loop" }
        let place = try standing(world)
        XCTAssertTrue(place.problems.contains { $0.contains("ends again and again") }, "\(place.problems)")
        let screen = try world.run("status", "production").expect(19)
        XCTAssertTrue(screen.output.contains("deployctl logs production web"), screen.output)
        XCTAssertFalse(screen.output.contains("rollback"), "there is nothing to go back to: \(screen.output)")
        XCTAssertTrue(place.problems.contains { $0.contains("again since 20") }, "\(place.problems)")
        let why = try world.run("why").expect(0).output
        XCTAssertTrue(why.contains("production is in a crash loop"), why)
        try text.write(to: URL(fileURLWithPath: path))
        try expectEventually("it serves again") { serves(world) }
    }

    func testAnEdgeWhoseFileSomebodySpoiltServesAgainAsItDid() throws {
        let (world, _) = try keptWorld()
        let edge = "\(world.project)/.deployctl/production/edge"
        try world.append("bogus on;\n", to: ".deployctl/production/edge/nginx.conf")
        let spoilt = try world.run("status", "production").expect(19)
        XCTAssertTrue(spoilt.output.contains("deployctl restart production"), spoilt.output)
        let pid = try String(contentsOfFile: "\(edge)/nginx.pid", encoding: .utf8)
        kill(try XCTUnwrap(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
        try expectEventually("it serves as it did") { try world.run("status", "production").status == 0 }
        XCTAssertTrue(serves(world))
    }

    func testAPortThatSomebodyTookIsNamedAndLeadsToNoRollback() throws {
        let (world, keeper) = try keptWorld {
            try $0.replace(
                "\"listen\": \"socket\"", with: "\"listen\": \"tcp\"", in: "environments/base.json")
            try $0.commit("Listen on a port")
        }
        let web = try XCTUnwrap(all(world).first { $0.command.contains("server.py") })
        let record = try String(
            contentsOfFile: "\(world.project)/.deployctl/production/run/current/instance.json",
            encoding: .utf8)
        let port = try XCTUnwrap(
            record.firstMatch(of: #/"port":\{"_0":([0-9]+)\}/#).flatMap { Int($0.1) }, record)
        kill(keeper.pid, SIGSTOP)
        kill(web.pid, SIGKILL)
        var holder: PortHolder?
        try expect(
            eventually(within: 5) {
                holder = holder ?? (try? PortHolder(port: port))
                return holder != nil
            }, "the port is free")
        kill(keeper.pid, SIGCONT)
        try withExtendedLifetime(holder) {
            try expectEventually("it is said who has it") {
                try world.run("status", "production").output.contains("its port \(port) is taken")
            }
            let screen = try world.run("status", "production").expect(19).output
            XCTAssertFalse(screen.contains("rollback"), screen)
            XCTAssertTrue(screen.contains("then deployctl restart production"), screen)
            try world.run("restart", "production").expect(0)
            XCTAssertTrue(serves(world))
        }
    }

    func testOneKeeperLooksAfterAProject() throws {
        let (world, _) = try keptWorld()
        let second = try world.run("boot", "run").expect(11)
        XCTAssertTrue(second.errors.contains("deployctl boot status"), second.errors)
    }

    func testAKilledKeeperIsMissedUntilSomebodySaysThatItIsNot() throws {
        let (world, keeper) = try keptWorld()
        XCTAssertFalse(try world.run("status").expect(0).output.contains("boot install"))
        kill(keeper.pid, SIGKILL)
        _ = try keeper.wait(upTo: 10)
        let screen = try world.run("status").expect(0).output
        XCTAssertTrue(screen.contains("process \(keeper.pid) since "), screen)
        XCTAssertTrue(screen.contains("deployctl boot install"), screen)
        _ = try world.run("boot", "remove")
        XCTAssertFalse(try world.run("status").expect(0).output.contains("boot install"))
    }

    func testAKeeperMakesNothingWhereItsProjectWas() throws {
        let world = try DeployctlFixture(for: self)
        let place = "\(world.folder)/was"
        let run = try world.runProgram([world.binary, "--project", place, "boot", "run"])
        XCTAssertEqual(run.status, 17, run.errors)
        XCTAssertFalse(FileManager.default.fileExists(atPath: place))
    }

    func testAKeeperOfAReplacedProgramIsNamedAndReplaced() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let copy = "\(world.folder)/deployctl"
        try world.runProgram(["cp", world.binary, copy]).expect(0)
        let old = try world.start([copy, "boot", "run"])
        try expectEventually("the keeper is there") {
            try world.run("boot", "status", "--json").output.contains("\"keeper\":\"process \(old.pid)")
        }
        try world.runProgram(["rm", copy]).expect(0)
        try expectEventually("that its program was removed is said") {
            try world.run("boot", "status").output.contains("replaced or removed")
        }
        let found = try world.run("doctor").output
        XCTAssertTrue(found.contains("replaced or removed"), found)
        let now = try world.run("boot", "install").output
        XCTAssertFalse(now.contains("process \(old.pid) "), now)
        XCTAssertFalse(now.contains("replaced"), now)
        XCTAssertEqual(try old.wait(upTo: 10).status, 0)
        _ = try world.run("boot", "remove")
    }

    func testAKeeperEndsWithTheProjectAndLeavesServicesAlone() throws {
        let (world, keeper) = try keptWorld()
        let before = Set(all(world).map(\.pid))
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 10)
        XCTAssertEqual(Set(all(world).map(\.pid)), before)
        XCTAssertTrue(serves(world))
    }

    /// Killed at random while the environment is deployed to, stopped, started and taken back.
    func testRunsAndTheKeeperDoNotFight() throws {
        let (world, _) = try keptWorld()
        var random = SystemRandomNumberGenerator()
        let killer = Killer(every: 0.25) {
            guard
                let victim = self.all(world).filter({ $0.command.contains("server.py") }).randomElement(
                    using: &random)
            else { return }
            kill(victim.pid, SIGKILL)
        }
        defer { killer.stop() }
        for number in 0..<4 {
            try world.commit(version: "round \(number)")
            _ = try world.run("staging")
            _ = try world.run("production", "--confirm", "CONFIRM")
            _ = try world.run("restart", "production")
            _ = try world.run("stop", "production")
            _ = try world.run("start", "production")
        }
        killer.stop()
        for name in ["staging", "production"] { _ = try world.run("abort", name) }
        _ = try world.run("start", "production")
        try expectEventually("it serves") { serves(world) }
        try expectEventually("nothing is left over") { try strays(world).isEmpty }
        XCTAssertEqual(all(world).filter { $0.command.contains("server.py") }.count, 1)
    }
}
