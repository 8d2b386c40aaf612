import DeployTestSupport
import Foundation
import XCTest

/// Connections that stay open outlast the run that replaced what they are held by, and hold nothing up.
final class KeptDrainingTests: KeeperTestCase {
    /// Says its version again and again to whoever asks for it, until they go; when it is told to end, it waits for them.
    private static let server = """
        import os, signal, socketserver, threading, time

        version = open(os.path.join(os.path.dirname(__file__), "version")).read()

        class Visitor(socketserver.StreamRequestHandler):
            def handle(self):
                asked = self.rfile.readline()
                while self.rfile.readline().strip():
                    pass
                if b"/stream" not in asked:
                    text = '{"version": "%s"}' % version
                    self.wfile.write(("HTTP/1.0 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(text), text)).encode())
                    return
                self.wfile.write(b"HTTP/1.0 200 OK\\r\\n\\r\\n")
                try:
                    while True:
                        self.wfile.write((version + "\\n").encode())
                        time.sleep(0.1)
                except OSError:
                    pass

        server = socketserver.ThreadingUnixStreamServer(os.environ["SOCKET"], Visitor)
        server.daemon_threads = False
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever()
        server.server_close()
        """

    private func world(drain: String) throws -> (DeployctlFixture, StartedProgram) {
        try keptWorld { world in
            try world.write(Self.server, to: "app/server.py")
            let base = DeployctlFixture.base.replacingOccurrences(
                of: "\"drain\": \"2s\"", with: "\"drain\": \"\(drain)\"")
            try world.write(base, to: "environments/base.json")
            try world.commit(version: "one")
        }
    }

    private func listen(to world: DeployctlFixture, _ environment: String = "staging") throws
        -> StartedProgram
    {
        let listener = try world.start([
            "curl", "-sN", "http://127.0.0.1:\(world.port(environment))/stream",
        ])
        try expectEventually("it hears") { !listener.output.isEmpty }
        return listener
    }

    private struct Found: Decodable {
        struct Place: Decodable {
            struct Old: Decodable { let connections: Int }
            let name: String
            let drift: [String]
            let draining: [Old]
        }
        let environments: [Place]
    }

    private func draining(_ world: DeployctlFixture, _ name: String = "staging") throws -> Found.Place {
        let found = try world.run("status", "--json").json(Found.self)
        return try XCTUnwrap(found.environments.first { $0.name == name })
    }

    func testWhoStaysIsCutAtTheEndOfTheDrainAfterTheRun() throws {
        let (world, keeper) = try world(drain: "8s")
        let listener = try listen(to: world)
        try world.commit(version: "two")
        let said = try world.run("staging", "--progress", "plain").expect(0)
        let words = said.output + said.errors
        XCTAssertTrue(words.contains("1 connection stays open until"), words)
        XCTAssertNil(listener.ended(), "the run did not wait for it")
        XCTAssertEqual(try world.version("staging"), "two")
        let found = try draining(world)
        XCTAssertEqual(found.draining.map(\.connections), [1])
        XCTAssertEqual(found.drift, [])
        XCTAssertTrue(try world.run("status").output.contains("1 connection open, cut at"))

        try expectEventually("it is cut") { listener.ended() != nil }
        try expectEventually("nothing of it is left") { try draining(world).draining.isEmpty }
        try expectEventually("the keeper says so") { keeper.errors.contains("1 connection was cut") }
        XCTAssertEqual(try world.version("staging"), "two")
        XCTAssertEqual(try strays(world), [])
    }

    func testAnOldReleaseEndsOnceNobodyHoldsIt() throws {
        let (world, keeper) = try world(drain: "10m")
        let listeners = [try listen(to: world), try listen(to: world)]
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let third = try listen(to: world)
        try world.commit(version: "three")
        try world.run("staging").expect(0)
        XCTAssertEqual(try draining(world).draining.map(\.connections), [2, 1])
        for listener in listeners { kill(listener.pid, SIGKILL) }
        try expectEventually("the first has ended") { try draining(world).draining.map(\.connections) == [1] }
        try expectEventually("the keeper says so") { keeper.errors.contains("ended, drained") }
        XCTAssertNil(third.ended())
        kill(third.pid, SIGKILL)
        try world.run("stop", "staging").expect(0)
        XCTAssertEqual(all(world, in: "staging").map(\.command), [])
    }

    /// What it wrote would be lost, or be written to data that is no longer there.
    func testDataIsNotReplacedUnderWhoStillDrains() throws {
        let (world, _) = try world(drain: "10m")
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let listener = try listen(to: world, "production")
        try world.promote()
        XCTAssertEqual(try draining(world, "production").draining.map(\.connections), [1])
        try world.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        XCTAssertNotNil(try listener.wait(upTo: 10))
        XCTAssertEqual(try draining(world, "production").draining.map(\.connections), [])
        XCTAssertEqual(try world.version("production"), "one")
    }
}
