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
                body = self.slow() if self.path == '/slow' else b'%d' % self.count
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def slow(self):
                open(os.environ['GATE'] + '.asked', 'w').close()
                while not os.path.exists(os.environ['GATE']): time.sleep(0.05)
                return b'slow'
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

    private func served(_ variables: String, keeping: Bool = true, drain: String = "1s") throws
        -> DeployctlFixture
    {
        let world = try DeployctlFixture(for: self)
        try world.deployWeb(
            """
            {"project": "shop", "variables": {\(variables)},
             "services": {"web": {"role": "app", "command": ["/usr/bin/python3", "app/web.py"], "health": {"path": "/"}, "keepAlive": \(keeping)},
                          "front": {"role": "edge", "routes": {"/": "web"}}},
             "drain": "\(drain)", "watch": "0s"}
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

    /// Asks without an end; status and deployment of each answer, where that differs from the one before.
    private static let visitor = """
        import http.client, sys
        connection, last = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]), timeout=10), None
        while True:
            connection.request('GET', '/')
            answer = connection.getresponse()
            answer.read()
            told = (answer.status, answer.headers.get('X-Deployctl-Deployment'))
            if told != last: print(*told, flush=True)
            last = told
        """

    /// The front that is left goes on for as long as it owes an answer, and the edge has a connection to it that is never idle.
    func testAFrontThatWasLeftAnswersNothingOnAConnectionThatTheEdgeKept() throws {
        let folder = try makeTestFolder()
        let world = try served("\"GATE\": \"\(folder)/gate\"", drain: "300s")
        let url = "http://127.0.0.1:\(world.port("staging"))/slow"
        func name() throws -> String { (try world.currentInstance("staging") as NSString).lastPathComponent }
        let old = try name()
        let visitor = try world.start(["python3", "-c", Self.visitor, "\(world.port("staging"))"])
        defer { kill(visitor.pid, SIGKILL) }
        XCTAssertTrue(
            try eventually {
                try world.runProgram(["ss", "-xH", "state", "connected"]).output.contains("\(old)/kept.sock")
            }, "a connection of the edge is kept: \(visitor.errors)")
        let slow = try world.start(["curl", "-sS", "--max-time", "120", url])
        XCTAssertTrue(
            eventually { FileManager.default.fileExists(atPath: "\(folder)/gate.asked") }, slow.errors)
        try world.commit(["page.txt": "two\n"])
        let run = try world.start([world.binary, "staging"])
        XCTAssertTrue(eventually(within: 60) { (try? name()) != old }, run.errors)
        let new = try name()
        // The edge's connection would be idle for long enough some time.
        XCTAssertTrue(
            eventually(within: 5) { visitor.output.contains("200 \(new)\n") },
            "who serves now answers at once: \(visitor.output)\(run.errors)")
        XCTAssertNil(slow.ended(), "while the one that was left owes an answer")
        try "".write(toFile: "\(folder)/gate", atomically: true, encoding: .utf8)
        XCTAssertEqual(try slow.wait().output, "slow", "which it gives")
        try run.wait().expect(0)
        XCTAssertEqual(
            visitor.output, "200 \(old)\n200 \(new)\n", "each is answered by who serves")
    }

    func testAServiceOfOneConnectionAtATimeIsServedWithConnectionsOfTheirOwn() throws {
        let world = try served("\"ALONE\": \"1\"", keeping: false)
        XCTAssertEqual(try answers(world, 5), Array(repeating: "1 200", count: 5))
        let url = "http://127.0.0.1:\(world.port("staging"))/"
        let both = try world.runProgram([
            "curl", "-sS", "--parallel", "--parallel-immediate", "--max-time", "3", "-w", " %{http_code}\n",
            url, url,
        ]).expect(0)
        // curl may write both answers before it says how either ended.
        let codes = both.output.components(separatedBy: " 200\n")
        XCTAssertEqual(codes.count, 3, both.output)
        XCTAssertEqual(codes.joined(), "11", both.output)
    }
}
