import Foundation
import XCTest

/// A shop that three machines, or two, serve together, each reached by the system's ssh, with one database on a server beside them.
public final class FleetShop: ProjectWorld, @unchecked Sendable {
    /// As definitions call the machines.
    public let machines: [String]
    public private(set) var servers: [ThrowawayServer] = []
    private let database = "dct-fleet-\(UInt32.random(in: 100_000...999_999))"
    public static let ports = ["staging": 8080, "production": 8081]

    public init(of names: [String], for test: XCTestCase) throws {
        machines = names.map { "deploy@\($0).example" }
        try super.init(for: test)
        patience = 300
        let address = try beginDatabase(for: test)
        for name in names {
            let server = try ThrowawayServer("fleet-\(name)", for: test, binary: binary)
            try server.root("DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql-client")
            servers.append(server)
        }
        let ways = try zip(servers, names).map { try $0.way(as: "\($1).example") }
        try ThrowawayServer.makeSSH(in: "\(folder)/bin", leading: ways, patience: 5)
        let own = (binary as NSString).deletingLastPathComponent
        variables["PATH"] = "\(folder)/bin:\(own):/usr/bin:/bin"
        try furnish(address)
        for (place, machine) in ["staging", "production"].flatMap({ place in machines.map { (place, $0) } }) {
            try run("secret", "set", place, "database.password", "--host", machine, input: "shape-\(place)\n")
                .expect(0)
        }
    }

    /// Where machines reach it.
    private func beginDatabase(for test: XCTestCase) throws -> String {
        let name = database
        test.addTeardownBlock { _ = try ThrowawayServer.run(["docker", "rm", "--force", "--volumes", name]) }
        let words = [
            "docker", "run", "--detach", "--name", name, "--env", "POSTGRES_PASSWORD=keeper", "postgres:15",
        ]
        try expectEqual(try ThrowawayServer.run(words).status, 0, "a database server is begun")
        for place in ["staging", "production"] {
            try expect(
                eventually(within: 60) {
                    (try? sql(
                        "CREATE ROLE shop_\(place) LOGIN CREATEDB PASSWORD 'shape-\(place)'", in: "postgres"))
                        != nil
                }, "it takes roles")
            try sql("CREATE DATABASE shop_\(place) OWNER shop_\(place)", in: "postgres")
        }
        let form = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        let address = try ThrowawayServer.run(["docker", "inspect", "--format", form, name]).output
        return address.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What the administrator is answered.
    @discardableResult
    public func sql(_ text: String, in database: String) throws -> String {
        let run = try ThrowawayServer.run([
            "docker", "exec", self.database, "psql", "-XqAt", "-h", "127.0.0.1", "-U", "postgres", "-d",
            database, "-c", text,
        ])
        try expectEqual(run.status, 0, text)
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Which release each machine says that it serves; nil where nothing answers.
    public func served(_ environment: String) throws -> [String?] {
        try servers.map { server in
            let asked = try server.user("curl -sf http://127.0.0.1:\(Self.ports[environment] ?? 0)/version")
            return asked.status == 0 ? asked.output : nil
        }
    }

    /// Keeps an item by one of the machines; the status it is answered with.
    public func keep(_ item: String, by machine: Int) throws -> String {
        try servers[machine].user(
            "curl -s -o /dev/null -w '%{http_code}' -d \(item) http://127.0.0.1:\(Self.ports["production"] ?? 0)/items"
        ).output
    }

    public func commit(version: String, migration: (name: String, sql: String)? = nil) throws {
        var changes: [String: String?] = ["app/version": version]
        if let migration { changes["migrations/\(migration.name).sql"] = migration.sql }
        try commit(changes, version)
    }
}

extension FleetShop {
    private func furnish(_ address: String) throws {
        try write(Self.application, to: "app/server.py")
        try write("one", to: "app/version")
        try write(
            "CREATE TABLE item (id serial PRIMARY KEY, text text NOT NULL);\n",
            to: "migrations/V0001_item.sql")
        try write(base(address), to: "environments/base.json")
        try write(environment("staging", ""), to: "environments/staging.json")
        let more = #", "promotion": {"from": "staging"}, "confirmation": {"phrase": "CONFIRM"}"#
        try write(environment("production", more), to: "environments/production.json")
        try write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try beginRepository()
    }

    private func base(_ address: String) -> String {
        """
        {
          "project": "shop",
          "host": ["\(machines.joined(separator: "\", \""))"], "batch": 2,
          "services": {
            "web": {"role": "app", "command": ["/usr/bin/python3", "-I", "app/server.py"],
                    "health": {"path": "/health", "timeout": "10s"}},
            "front": {"role": "edge", "routes": {"/": "web"}}
          },
          "migrations": {"directory": "migrations"},
          "database": {"engine": "postgresql", "host": "\(address)", "port": 5432},
          "drain": "2s", "watch": "0s", "sharedOnPurpose": ["database.server"]
        }
        """
    }

    private func environment(_ name: String, _ more: String) -> String {
        """
        {
          "extends": "base.json", "ports": {"http": \(Self.ports[name] ?? 0)}, "logs": "logs/\(name)",
          "database": {"name": "shop_\(name)", "user": "shop_\(name)", "password": {"file": ".secrets/\(name)/db"}}\(more)
        }
        """
    }

    /// On a machine where `refuse-VERSION-in-ENVIRONMENT` lies in the home folder, that version is not well there.
    private static let application = #"""
        import http.server, os, subprocess

        VERSION = open("app/version").read().strip()

        def sql(text, **values):
            words = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1"]
            for name, value in values.items():
                words += ["-v", f"{name}={value}"]
            done = subprocess.run(words + [os.environ["DATABASE_URL"]], input=text, capture_output=True, text=True)
            return done.stdout if done.returncode == 0 else None

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, status, text):
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def do_GET(self):
                if self.path == "/health":
                    refused = os.path.exists(f"/home/deploy/refuse-{VERSION}-in-{os.environ['DEPLOYCTL_ENVIRONMENT']}")
                    found = sql("SELECT count(*) FROM item;")
                    return self.answer(503 if refused or found is None else 200, "")
                self.answer(200, VERSION)

            def do_POST(self):
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                kept = sql("INSERT INTO item (text) VALUES (:'item');", item=text)
                self.answer(500 if kept is None else 201, "")

            def log_message(self, *words):
                pass

        http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
        """#
}
