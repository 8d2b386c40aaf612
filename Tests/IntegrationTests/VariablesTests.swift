import DeployTestSupport
import Foundation
import XCTest

/// Programs get plain variables, find their siblings, and are told their port where they take it as an argument.
final class VariablesTests: XCTestCase {
    private static let server = """
        import http.server, json, os, sys
        port = int(sys.argv[1].split('=')[1])
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments): pass
            def do_GET(self):
                body = json.dumps(dict(os.environ)).encode()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(('127.0.0.1', port), Handler).serve_forever()
        """

    private func furnished() throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        let command =
            "\"command\": [\"/usr/bin/python3\", \"app/env.py\", \"--port={port}\"], \"health\": {\"path\": \"/\"}"
        try world.write(
            """
            {
              "project": "shop",
              "variables": {"NODE_ENV": "production", "camelCase": "Größe {no} {", "USERS_URL": "http://{address:users}/x",
                            "WHERE": "{environment}/{release}"},
              "secrets": {"flask__broker_url": {"file": ".secret"}},
              "build": [["sh", "-c", "echo $NODE_ENV ${USERS_URL-none} > built"]],
              "services": {
                "gateway": {"role": "app", \(command), "variables": {"NODE_ENV": "its own"}},
                "users": {"role": "app", \(command)},
                "front": {"role": "edge", "routes": {"/": "gateway", "/users": "users"}}
              },
              "drain": "1s", "watch": "0s"
            }
            """, to: "environments/base.json")
        try world.write(Self.server, to: "app/env.py")
        try world.write("hush", to: ".secret")
        chmod("\(world.project)/.secret", 0o600)
        try world.write(".deployctl/\nbackups/\nlogs/\n.secret\n", to: ".gitignore")
        try world.replace(
            "\"promotion\"", with: "\"sharedOnPurpose\": [\"secrets.flask__broker_url\"], \"promotion\"",
            in: "environments/production.json")
        try world.replace(
            "\"logs\"", with: "\"sharedOnPurpose\": [\"secrets.flask__broker_url\"], \"logs\"",
            in: "environments/staging.json")
        try world.commit("Variables")
        return world
    }

    private func variables(_ world: DeployctlFixture, _ path: String, _ environment: String) throws
        -> [String: String]
    {
        let answer = world.get(path, from: environment)
        return try JSONDecoder().decode([String: String].self, from: Data(answer.body.utf8))
    }

    func testEverythingOfTheApplicationGetsThem() throws {
        let world = try furnished()
        try world.run("validate").expect(0)
        try world.run("staging").expect(0)
        try world.promote()
        for environment in ["staging", "production"] {
            let (gateway, users) = (
                try variables(world, "/", environment), try variables(world, "/users", environment)
            )
            XCTAssertEqual(gateway["NODE_ENV"], "its own")
            XCTAssertEqual(users["NODE_ENV"], "production")
            XCTAssertEqual(users["camelCase"], "Größe {no} {", "other braces stay")
            XCTAssertEqual(users["flask__broker_url"], "hush")
            XCTAssertEqual(gateway["USERS_URL"], "http://127.0.0.1:\(users["PORT"] ?? "")/x")
            XCTAssertNotEqual(gateway["PORT"], users["PORT"])
            XCTAssertTrue(try XCTUnwrap(users["WHERE"]).hasPrefix("\(environment)/20"), environment)
        }
        let release = "\(world.project)/.deployctl/staging/current"
        XCTAssertEqual(
            try String(contentsOfFile: "\(release)/built", encoding: .utf8), "production none\n",
            "while it is built nothing listens")
        let before = try variables(world, "/", "production")["USERS_URL"]
        try world.run("restart", "production", "users").expect(0)
        let run = try world.run(
            "exec", "production", "gateway", "--", "sh", "-c", "echo $NODE_ENV $USERS_URL"
        ).expect(0)
        XCTAssertEqual(
            run.output, "its own \(before ?? "")\n", "a service restarted alone stays where it was")
    }

    func testWhatCannotBeMeantIsPointedOut() throws {
        let world = try furnished()
        let wrong: [(String, String, String)] = [
            ("{port}", "$PORT", "write {port} instead"), ("{port}", "${PORT}", "write {port} instead"),
            ("{address:users}", "{address:usres}", "write {address:users}"),
            ("{address:users}", "{address:front}", "no app service that listens"),
            ("\"NODE_ENV\": \"production\"", "\"PORT\": \"1\"", "deployctl sets itself"),
            ("\"NODE_ENV\": \"production\"", "\"DATABASE_HOST\": \"x\"", "deployctl sets itself"),
            ("\"NODE_ENV\": \"production\"", "\"flask__broker_url\": \"x\"", "is a secret too"),
            ("\"role\": \"edge\"", "\"role\": \"edge\", \"variables\": {}", "for app services"),
        ]
        let base = try world.read("environments/base.json")
        for (old, new, said) in wrong {
            try world.write(base.replacingOccurrences(of: old, with: new), to: "environments/base.json")
            let run = try world.run("validate").expect(10, new)
            XCTAssertTrue((run.output + run.errors).contains(said), "\(new): \(run.output)\(run.errors)")
        }
        try world.write(
            base.replacingOccurrences(
                of: "\"/usr/bin/python3\", \"app/env.py\", \"--port={port}\"",
                with: "\"sh\", \"-c\", \"exec x $PORT\""),
            to: "environments/base.json")
        try world.run("validate").expect(0, "a shell reads it")
    }
}
