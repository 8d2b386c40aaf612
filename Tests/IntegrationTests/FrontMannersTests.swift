import DeployTestSupport
import Foundation
import XCTest

/// What stands between visitors and the application adds nothing, takes nothing away and believes nobody.
final class FrontMannersTests: XCTestCase {
    private static let server = """
        import http.server, json, os, time
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *arguments): pass
            def do_GET(self):
                self.send_response(200)
                if self.path == '/events':
                    self.send_header('Content-Type', 'text/event-stream')
                    self.send_header('Connection', 'close')
                    self.end_headers()
                    for number in range(2):
                        self.wfile.write(b'data: %d\\n\\n' % number)
                        self.wfile.flush()
                        while number == 0 and not os.path.exists(os.environ['GO_ON']): time.sleep(0.02)
                    self.close_connection = True
                    return
                body = json.dumps(dict(self.headers)).encode()
                if self.path == '/large': self.send_header('Set-Cookie', 'a' * 20000)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer((os.environ['HOST'], int(os.environ['PORT'])), Handler).serve_forever()
        """

    private func furnished(_ front: String) throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.deployWeb(
            """
            {"project": "shop", "front": {\(front)}, "variables": {"GO_ON": "\(world.folder)/go-on"},
             "services": {"web": {"role": "app", "command": ["/usr/bin/python3", "app/web.py"], "health": {"path": "/"}},
                          "front": {"role": "edge", "routes": {"/": "web"}}},
             "drain": "1s", "watch": "0s"}
            """, by: Self.server)
        return world
    }

    private static let claims = [
        "-H", "X-Forwarded-For: 203.0.113.9", "-H", "X-Forwarded-Proto: https", "-H",
        "X-Forwarded-Host: evil.example",
    ]

    private func told(_ world: DeployctlFixture) throws -> [String: String] {
        let url = "http://127.0.0.1:\(world.port("staging"))/"
        let text = try world.runProgram(["curl", "-sS", url] + Self.claims).expect(0).output
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    func testEventsArriveOneByOneAndLargeHeadersPass() throws {
        let world = try furnished("")
        let url = "http://127.0.0.1:\(world.port("staging"))"
        let output = "\(world.folder)/events"
        try world.runProgram(["sh", "-c", "curl -sSN --max-time 30 \(url)/events >\(output) 2>&1 &"]).expect(
            0)
        XCTAssertTrue(
            eventually(within: 20) {
                (try? String(contentsOfFile: output, encoding: .utf8)) == "data: 0\n\n"
            },
            "the first arrives while the second waits")
        try "".write(toFile: "\(world.folder)/go-on", atomically: true, encoding: .utf8)
        XCTAssertTrue(
            eventually(within: 20) {
                (try? String(contentsOfFile: output, encoding: .utf8)) == "data: 0\n\ndata: 1\n\n"
            })
        let large = try world.runProgram(
            [
                "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "\(url)/large", "-H",
                "Cookie: \(String(repeating: "c", count: 20_000))",
            ])
        XCTAssertEqual(large.output, "200", "20 KB of headers, there and back")
    }

    func testNobodysClaimsCountAndATrustedProxysDo() throws {
        let world = try furnished("")
        let stranger = try told(world)
        XCTAssertEqual(stranger["X-Forwarded-For"], "127.0.0.1")
        XCTAssertEqual(stranger["X-Forwarded-Proto"], "http")
        XCTAssertEqual(stranger["X-Forwarded-Host"], "127.0.0.1:\(world.port("staging"))")
        XCTAssertEqual(stranger["X-Real-IP"], "127.0.0.1")
        try world.replace(
            "\"front\": {}",
            with: "\"front\": {\"trust\": [\"127.0.0.0/8\"], \"gzip\": true, \"noindex\": true}",
            in: "environments/base.json")
        try world.commit("Behind a proxy")
        try world.run("staging").expect(0)
        let proxied = try told(world)
        XCTAssertEqual(proxied["X-Forwarded-For"], "203.0.113.9, 127.0.0.1")
        XCTAssertEqual(proxied["X-Forwarded-Proto"], "https")
        XCTAssertEqual(proxied["X-Forwarded-Host"], "evil.example")
        XCTAssertEqual(proxied["X-Real-IP"], "203.0.113.9")
        let packed = try world.runProgram([
            "curl", "-sS", "-o", "/dev/null", "-D", "-", "-H", "Accept-Encoding: gzip", "-H",
            "X-Padding: \(String(repeating: "x", count: 2000))", "http://127.0.0.1:\(world.port("staging"))/",
        ]).expect(0).output
        XCTAssertTrue(packed.contains("Content-Encoding: gzip"), packed)
        XCTAssertTrue(packed.contains("X-Robots-Tag: noindex, nofollow"), packed)
    }

    func testARenewedCertificateIsServed() throws {
        let world = try DeployctlFixture(for: self)
        let port = try HTTP.freePort(except: world.port("staging"))
        func renew(_ name: String) throws {
            try world.runProgram([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "30",
                "-subj", "/CN=\(name)", "-keyout", "\(world.project)/key.pem", "-out",
                "\(world.project)/cert.pem",
            ]).expect(0)
            chmod("\(world.project)/key.pem", 0o600)
        }
        func served() throws -> String {
            try world.runProgram([
                "sh", "-c",
                "echo | openssl s_client -connect 127.0.0.1:\(port) 2>/dev/null | openssl x509 -noout -subject",
            ]).expect(0).output.trimmingCharacters(in: .newlines)
        }
        try renew("first")
        try world.write(
            "{\"extends\": \"base.json\", \"logs\": \"logs/staging\", \"ports\": {\"http\": \(world.port("staging")), \"https\": \(port)}, \"tls\": {\"certificate\": \"cert.pem\", \"key\": \"key.pem\"}}",
            to: "environments/staging.json")
        try world.write(".deployctl/\nbackups/\nlogs/\n*.pem\n", to: ".gitignore")
        try world.commit("TLS")
        try world.run("staging").expect(0)
        XCTAssertTrue(try served().hasSuffix("first"))
        try world.run("status", "staging").expect(0)
        try renew("second")
        let status = try world.run("status", "staging")
        XCTAssertTrue(
            status.output.contains("another certificate is served than lies there now"), status.output)
        try world.run("restart", "staging").expect(0)
        XCTAssertTrue(try served().hasSuffix("second"))
        try renew("third")
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        XCTAssertTrue(try served().hasSuffix("third"))
        let old = try world.runProgram([
            "curl", "-sSk", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0",
            "https://127.0.0.1:\(port)/version",
        ])
        XCTAssertNotEqual(old.status, 0, "TLS 1.1")
        let modern = try world.runProgram([
            "curl", "-sSk", "--http2", "-o", "/dev/null", "-w", "%{http_version}",
            "https://127.0.0.1:\(port)/version",
        ]).expect(0)
        XCTAssertEqual(modern.output, "2")
    }
}
