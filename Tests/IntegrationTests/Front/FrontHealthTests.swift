import DeployTestSupport
import Foundation
import XCTest

/// A probe is like a visitor, and what is wrong is said as the service says it.
final class FrontHealthTests: XCTestCase {
    private static let server = """
        import http.server, json, os
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments): pass
            def do_GET(self):
                told = {name.lower(): value for name, value in self.headers.items()}
                wanted = {'host': 'shop.example', 'x-forwarded-proto': 'https', 'x-probe': 'yes'}
                if self.path == '/told':
                    body, status = json.dumps(told).encode(), 200
                elif {name: told.get(name) for name in wanted} != wanted:
                    body, status = ('not for ' + told.get('host', '') + ' ' + os.environ['KEY']).encode(), int(open('app/status').read())
                else:
                    body, status = b'ok', 200
                self.send_response(status)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer((os.environ['HOST'], int(os.environ['PORT'])), Handler).serve_forever()
        """

    private func world(_ health: String, status: String) throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.write(
            """
            {"project": "shop",
             "services": {"web": {"role": "app", "command": ["/usr/bin/python3", "app/web.py"],
                                  "health": {"path": "/", "timeout": "6s"\(health)}},
                          "front": {"role": "edge", "routes": {"/": "web"}}},
             "front": {"trust": ["127.0.0.1"]}, "drain": "1s", "watch": "0s"}
            """, to: "environments/base.json")
        try world.replace(
            "\"logs\"",
            with: #""url": "https://shop.example", "secrets": {"KEY": {"file": ".secrets/key"}}, "logs""#,
            in: "environments/staging.json")
        try world.write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try world.write("a-key-nobody-sees", to: ".secrets/key")
        chmod("\(world.project)/.secrets/key", 0o600)
        try world.write(Self.server, to: "app/web.py")
        try world.write(status, to: "app/status")
        try world.commit("A web")
        return world
    }

    func testTheProbeIsForTheHostAndCarriesItsOwnHeaders() throws {
        let world = try world(#", "headers": {"X-Probe": "yes"}"#, status: "503")
        try world.run("staging").expect(0)
        try world.run("status", "staging").expect(0)
        let told = try world.runProgram([
            "curl", "-sS", "http://127.0.0.1:\(world.port("staging"))/told", "-H", "X-Request-Id: abc-1",
        ]).expect(0).output
        XCTAssertTrue(told.contains("\"x-request-id\": \"abc-1\""), told)
        let strange = try world.runProgram([
            "curl", "-sS", "http://127.0.0.1:\(world.port("staging"))/told", "-H", "X-Request-Id: a\"b",
        ]).expect(0).output
        XCTAssertFalse(strange.contains("a\\\"b"), strange)
        XCTAssertTrue(strange.contains("\"x-request-id\": \""), strange)
    }

    func testWhatAnUnhealthyServiceSaysStandsInTheMessageWithoutSecrets_S02() throws {
        for status in ["503", "301"] {
            let world = try world("", status: status)
            let run = try world.run("staging").expect(15).expectExplained()
            XCTAssertTrue(
                run.errors.contains("/ answers \(status): not for shop.example [redacted]"), run.errors)
            XCTAssertFalse(run.errors.contains("a-key-nobody-sees"), run.errors)
        }
    }
}
