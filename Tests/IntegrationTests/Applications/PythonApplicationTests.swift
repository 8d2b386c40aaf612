import DeployTestSupport
import Foundation
import XCTest

final class LiveConnectionTests: XCTestCase {
    func testWebSocketsAndEventStreamsGoForthAndBack_I14() throws {
        let world = try ApplicationWorld("WebSocket and event stream (aiohttp)", "live", for: self)
        try world.usePython()
        try world.begin()
        try ApplicationStory(
            world: world, tellsVersion: ("live", [".venv/bin/python", "version.py"]),
            failure: "half a merge",
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
        let world = try ApplicationWorld("Procfile", "procfile", for: self)
        try world.usePython()
        try world.begin()
        try ApplicationStory(
            world: world,
            tellsVersion: ("web", [".venv/bin/python", "-c", "import app; print(app.VERSION)"]),
            failure: "the mail server is not set"
        ).tell()
    }
}
