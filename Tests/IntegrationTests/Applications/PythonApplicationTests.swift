import DeployTestSupport
import Foundation
import XCTest

final class LiveConnectionTests: XCTestCase {
    func testWebSocketsAndEventStreamsGoForthAndBack_I14() throws {
        let world = try ApplicationWorld(.live, for: self)
        try world.begin()
        try ApplicationStory(
            world: world, failure: "half a merge",
            during: { promote in
                let listeners = try ["/socket", "/events"].map { try self.listen($0, in: world) }
                try promote()
                for listener in listeners {
                    let heard = try listener.wait(upTo: 60).expect(0)
                    XCTAssertEqual(heard.output, "one\ntwo\n", heard.errors)
                }
            }
        ).tell()
    }

    private func listen(_ path: String, in world: ApplicationWorld) throws -> StartedProgram {
        let script = "\(ProjectWorld.package)/Tests/Applications/live/listen.py"
        return try world.start(["python3", script, "\(world.ports["production"] ?? 0)", path, "two"])
    }
}

final class ProcfileTests: XCTestCase {
    func testWebWorkerAndReleaseOfAProcfileGoForthAndBack_I14() throws {
        let world = try ApplicationWorld(.procfile, for: self)
        try world.begin()
        try ApplicationStory(
            world: world, failure: "the mail server is not set"
        ).tell()
    }
}

final class FastAPITests: XCTestCase {
    func testFastAPIWithAlembicGoesForthAndBack_I14() throws {
        let world = try ApplicationWorld(.fastapi, for: self)
        try world.begin()
        try ApplicationStory(
            world: world, code: 16, failure: "a_package_nobody_installed"
        ).tell()
    }
}

final class CeleryTests: XCTestCase {
    func testFlaskWithCelerysWorkerAndBeatGoesForthAndBack_I14() throws {
        let world = try ApplicationWorld(.celery, for: self, needing: ["redis-server"])
        let broker = try world.startBroker(as: "broker")
        try world.begin()
        try ApplicationStory(
            world: world, lasting: [broker],
            failure: "taken_away",
            look: { items in
                let version = items.count > 1 ? "two" : "one"
                let beats = eventually(within: 20) {
                    world.get("/beats", from: "production").body.split(separator: "\n").last == version[...]
                }
                XCTAssertTrue(beats, "no beat of \(version): \(world.get("/beats", from: "production"))")
            }
        ).tell()
    }
}

final class SeveralServicesTests: XCTestCase {
    func testAGatewayAndItsServicesGoForthAndBack_I14() throws {
        let world = try ApplicationWorld(.monorepo, for: self)
        try world.begin()
        try ApplicationStory(
            world: world, failure: "users has no names",
            look: { items in
                let version = items.count > 1 ? "two" : "one"
                XCTAssertEqual(
                    world.get("/api", from: "production").body.split(separator: "\n").map(String.init),
                    [version, version, version], "what gateway, users and orders are")
            }
        ).tell()
    }
}
