import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// What a definition limits is limited, is shown, and is named where it was the end of a service.
final class LimitsTests: XCTestCase {
    private struct Standing: Decodable {
        struct Amount: Decodable { let used, limit: Int64? }
        struct Resources: Decodable {
            let memory, processes: Amount
            let cpu: Double?
        }
        struct Service: Decodable {
            let name: String
            let resources: Resources?
            let ends: String?
        }
        struct Place: Decodable {
            let name: String
            let services: [Service]
            let resources: Resources?
        }
        let environments: [Place]
    }

    private func standing(_ world: DeployctlFixture) throws -> Standing.Place {
        let run = try world.run("status", "--json")
        return try XCTUnwrap(run.json(Standing.self).environments.first { $0.name == "staging" })
    }

    private func world() throws -> DeployctlFixture {
        if let obstacle = LinuxResourceGroups().obstacle(to: Set(Limits.Kind.allCases)) {
            throw lacking("control groups: \(obstacle.why)")
        }
        let world = try DeployctlFixture(for: self)
        try world.replace(
            #""listen": "socket","#,
            with: #""listen": "socket", "limits": {"memory": "128MB", "processes": 40},"#,
            in: "environments/base.json")
        try world.replace(
            #""extends": "base.json","#,
            with:
                #""extends": "base.json", "limits": {"memory": "300MB", "cpu": 1.5}, "build": [["sh", "-c", "cat /proc/self/cgroup > build.txt"]],"#,
            in: "environments/staging.json")
        // A wish for more memory than there may be.
        try world.replace(
            #"if path == "/health":"#,
            with: #"if path == "/more": return 200, len(bytearray(400_000_000))\#n    if path == "/health":"#,
            in: "app/server.py")
        try world.commit("Limits")
        return world
    }

    func testAServiceIsLimitedSeenAndNamedWhenMemoryLacks() throws {
        let world = try world()
        try world.run("staging").expect(0)
        let place = try standing(world)
        let web = try XCTUnwrap(place.services.first?.resources)
        XCTAssertEqual(web.memory.limit.map { $0 / 65536 }, 128_000_000 / 65536)
        XCTAssertEqual(web.processes.limit, 40)
        XCTAssertGreaterThan(web.memory.used ?? 0, 1_000_000)
        XCTAssertEqual(place.resources?.memory.limit.map { $0 / 65536 }, 300_000_000 / 65536)
        XCTAssertEqual(place.resources?.cpu, 1.5)
        let built = "\(world.project)/.deployctl/staging/current/build.txt"
        let build = try String(contentsOfFile: built, encoding: .utf8)
        XCTAssertTrue(build.contains("shop.staging."), "the build is in the environment's group: \(build)")
        let text = try world.run("status").output
        XCTAssertTrue(text.contains(" of 128 MB"), text)

        _ = try world.start([world.binary, "boot", "run"])
        _ = world.get("/more", from: "staging")
        var ends: String?
        try expect(
            eventually(within: 20) {
                ends = try self.standing(world).services.first?.ends
                return ends != nil && world.get("/version", from: "staging").status == 200
            }, "the keeper starts it again: \(ends ?? "")")
        XCTAssertTrue(ends?.contains("for want of memory: it may have 128 MB") == true, ends ?? "nothing")

        let pid = try XCTUnwrap(world.processes().first { $0.command.contains("server.py") }).pid
        let folder = try XCTUnwrap(
            ControlHierarchy.all().first { $0.kinds.contains(.memory) }?.folder(of: pid))
        try world.run("stop", "staging").expect(0)
        XCTAssertNil(folderNames(folder), "its group is gone with it")
    }

    func testAReleaseThatNeedsMoreMemoryThanItMayHaveSaysSo() throws {
        let world = try world()
        try world.replace("HERE = os", with: "FULL = bytearray(400_000_000)\nHERE = os", in: "app/server.py")
        try world.commit("Greedy")
        let run = try world.run("staging").expect(15)
        XCTAssertTrue(run.errors.contains("for want of memory: it may have 128 MB"), run.errors)
    }
}
