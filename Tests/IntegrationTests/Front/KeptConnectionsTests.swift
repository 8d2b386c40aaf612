import DeployTestSupport
import Foundation
import XCTest

/// Connections between front and application are kept for questions, and for nothing else.
final class KeptConnectionsTests: XCTestCase {
    /// Says the how-manieth request of its connection it answers; with RUDE a connection is ended as the second comes in, and with
    /// ALONE one is served at a time.
    private static let server = """
        import http.server, os, time
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            count = 0
            def log_message(self, *arguments): pass
            def do_GET(self):
                self.count += 1
                if os.environ.get('RUDE') and self.count > 1:
                    self.close_connection = True
                    return
                self.rfile.read(int(self.headers.get('Content-Length') or 0))
                body = b'%d' % self.count
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_POST = do_GET
            def do_HEAD(self):
                self.send_response(200)
                self.send_header('Content-Length', '5')
                self.end_headers()
                time.sleep(0.2)
                self.wfile.write(b'stray')
        kind = http.server.HTTPServer if os.environ.get('ALONE') else http.server.ThreadingHTTPServer
        kind((os.environ['HOST'], int(os.environ['PORT'])), Handler).serve_forever()
        """

    private func served(_ variables: String, keeping: Bool = true) throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.deployWeb(
            """
            {"project": "shop", "variables": {\(variables)},
             "services": {"web": {"role": "app", "command": ["/usr/bin/python3", "app/web.py"], "health": {"path": "/"}, "keepAlive": \(keeping)},
                          "front": {"role": "edge", "routes": {"/": "web"}}},
             "drain": "1s", "watch": "0s"}
            """, by: Self.server)
        return world
    }

    /// Status and body of each of so many requests, one after the other, each of a visitor of its own.
    private func answers(_ world: DeployctlFixture, _ count: Int, _ arguments: [String] = []) throws
        -> [String]
    {
        let url = "http://127.0.0.1:\(world.port("staging"))/"
        return try (0..<count).map { _ in
            try world.runProgram(["curl", "-sS", "-w", " %{http_code}", url] + arguments).expect(0).output
        }
    }

    func testQuestionsShareAConnectionAndWritesNever() throws {
        let world = try served("")
        let asked = try answers(world, 5)
        XCTAssertTrue(asked.allSatisfy { $0.hasSuffix(" 200") }, "\(asked)")
        XCTAssertGreaterThan(Set(asked).count, 2, "one connection for several: \(asked)")
        XCTAssertEqual(try answers(world, 5, ["-d", "a=1"]), Array(repeating: "1 200", count: 5))
        XCTAssertEqual(
            try answers(world, 5, ["-X", "GET", "-d", "a=1"]), Array(repeating: "1 200", count: 5),
            "a question with a body is no question that may be asked twice")
        for _ in 0..<5 {
            _ = try answers(world, 1, ["--head"])
            let next = try answers(world, 1)[0]
            XCTAssertNotNil(
                next.wholeMatch(of: /[0-9]+ 200/), "what was sent too much reached the next one: \(next)")
        }
    }

    /// Nobody keeps the project, so that there is no waiting room either.
    func testAServiceThatEndsAConnectionAsItIsAskedIsAskedAgain() throws {
        let world = try served("\"RUDE\": \"1\"")
        XCTAssertEqual(try answers(world, 20), Array(repeating: "1 200", count: 20))
    }

    func testAServiceOfOneConnectionAtATimeIsServedWithConnectionsOfTheirOwn() throws {
        let world = try served("\"ALONE\": \"1\"", keeping: false)
        XCTAssertEqual(try answers(world, 5), Array(repeating: "1 200", count: 5))
        let url = "http://127.0.0.1:\(world.port("staging"))/"
        let both = try world.runProgram([
            "curl", "-sS", "--parallel", "--parallel-immediate", "--max-time", "3", "-w", " %{http_code}\n",
            url, url,
        ]).expect(0)
        XCTAssertEqual(both.output.components(separatedBy: "1 200").count, 3, both.output)
    }
}
