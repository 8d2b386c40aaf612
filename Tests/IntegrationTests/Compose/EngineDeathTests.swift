import DeployTestSupport
import Foundation
import XCTest

/// T33: the container engine is killed, at rest and under a deployment; I33: what served serves again.
final class EngineDeathTests: ComposeTestCase {
    private var engine: OwnEngine!

    override func setUpWithError() throws {
        try OwnEngine.require()
        try super.setUpWithError()
        engine = try OwnEngine(in: "\(world.folder)/e", name: world.name)
        addTeardownBlock { [world = world!, engine = engine!] in
            world.removeFromEngine(world.name)
            engine.stop()
            world.variables = [:]
        }
        try engine.start()
        world.variables["DOCKER_HOST"] = engine.host
        try engine.load("busybox")
        try furnish()
    }

    func testTheReleaseServesAgainAfterTheEngineWasKilled_T33() throws {
        try world.run("staging").expect(0)
        let containers = try world.containers().count
        try engine.die()
        try engine.start()
        try expectServing("one")
        try expectHealthy()
        try release("two")
        try world.run("staging").expect(0)
        try expectServing("two")
        XCTAssertEqual(try world.containers().count, containers, "no orphans")
    }

    func testKilledDuringADeploymentTheOldReleaseServesAndTheNextDeploymentWorks_T33() throws {
        try world.run("staging").expect(0)
        let containers = try world.containers().count
        var serving = "one"
        var kills = 0
        let distance = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 1 : 9
        for lines in stride(from: 2, through: 40, by: distance) {
            let next = "release \(lines)"
            try release(next)
            let run = try world.start([world.binary, "staging"])
            guard run.wait(forLines: lines) else {
                try expectServing(next)
                break
            }
            try engine.die()
            let code = try run.wait(upTo: 120).status
            try engine.start()
            try expectServing(code == 0 ? next : serving)
            kills += 1
            // An engine that was killed may forward a port to nothing once; then nothing has changed.
            if code != 0, try world.run("staging").status != 0 {
                try expectServing(serving)
                try world.run("staging").expect(0)
            }
            serving = next
            try expectServing(serving)
            XCTAssertEqual(try world.containers().count, containers, "no orphans, killed at line \(lines)")
            try expectHealthy()
        }
        print("\(kills) kills of the engine during a deployment")
        XCTAssertGreaterThan(kills, 0)
    }

    /// A web server of busybox alone, so that only one small image has to be loaded.
    private func furnish() throws {
        try world.write(
            """
            FROM busybox
            COPY www /www
            CMD ["sh", "-c", "exec httpd -f -p $HOST:$PORT -h /www"]

            """, to: "app/Dockerfile")
        try world.write("ok\n", to: "app/www/health")
        try world.replace("    build: ./app\n", with: "    build: ./app\n    init: true\n", in: "compose.yml")
        try world.replace(
            "  \"migrations\": {\"directory\": \"migrations\"},\n", with: "", in: "environments/staging.json")
        try world.replace(
            "  \"database\": {\"engine\": \"sqlite\", \"file\": \"data/app.db\"},\n", with: "",
            in: "environments/staging.json")
        try release("one")
    }

    private func release(_ version: String) throws {
        try world.write("{\"version\": \"\(version)\"}\n", to: "app/www/version")
        try world.commit(version)
    }

    private func expectServing(_ version: String, line: UInt = #line) throws {
        var found = ""
        let serves = eventually(within: 60) {
            found = (try? self.world.version()) ?? "nothing"
            return found == version
        }
        try expect(serves, "\(found) serves instead of \(version) (line \(line))")
    }

    private func expectHealthy() throws {
        let status = try world.status()
        try expect(status.contains("healthy"), status)
    }
}

extension StartedProgram {
    /// False when it ends before it has told so much.
    fileprivate func wait(forLines lines: Int) -> Bool {
        _ = eventually(within: 60) { errors.split(separator: "\n").count >= lines || ended() != nil }
        return ended() == nil
    }
}
