import DeployTestSupport
import Foundation
import XCTest

/// An application that knows nothing of its route's path gets addresses without it, and is told.
final class StrippedRouteTests: XCTestCase {
    private static let server = """
        import http.server, os
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *arguments): pass
            def do_GET(self):
                body = (self.path + ' ' + self.headers.get('X-Forwarded-Prefix', '-')).encode()
                self.send_response(302 if self.path == '/old' else 200)
                if self.path == '/old': self.send_header('Location', '/new')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), Handler).serve_forever()
        """

    func testTheServiceGetsWhatFollowsThePathByteByByte() throws {
        let world = try DeployctlFixture(for: self)
        try world.write(
            """
            {"project": "shop", "drain": "1s", "watch": "0s", "services": {
             "web": {"role": "app", "command": ["/usr/bin/python3", "app/web.py"], "health": {"path": "/ready"}},
             "front": {"role": "edge", "routes": {"/api": {"service": "web", "strip": true}, "/": "public", "/whole": "web"}}}}
            """, to: "environments/base.json")
        try world.write(Self.server, to: "app/web.py")
        try world.write("page", to: "public/index.html")
        try world.commit("Routes")
        try world.run("staging").expect(0)
        let url = "http://127.0.0.1:\(world.port("staging"))"
        for (path, answer) in [
            ("/api", "/ /api"), ("/api?x=1", "/?x=1 /api"), ("/api/", "/ /api"),
            ("/api/a%2Fb//c%20d?x=%2F&y", "/a%2Fb//c%20d?x=%2F&y /api"), ("/api/api/x", "/api/x /api"),
            ("/whole/x", "/whole/x -"), ("/", "page"), ("/api/old", "/old /api"),
        ] {
            let got = try world.runProgram([
                "curl", "-sS", "--path-as-is", "-H", "X-Forwarded-Prefix: /evil", url + path,
            ]).output
            XCTAssertEqual(got, answer, path)
        }
        for path in ["/apix", "//api/x", "/x/../api/x", "/%61pi/x"] {
            let got = try world.runProgram(
                ["curl", "-sS", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", url + path])
            XCTAssertEqual(got.output, "404", path)
        }
        XCTAssertEqual(world.get("/api/old", from: "staging").headers["location"], "/new")
    }
}
