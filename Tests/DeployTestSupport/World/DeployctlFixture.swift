import Foundation
import XCTest

/// A shop that keeps items in SQLite, with a staging and a production of its own.
open class DeployctlFixture: ProjectWorld, @unchecked Sendable {
    /// Public port by environment.
    public let ports: [String: Int]

    public init(for test: XCTestCase?) throws {
        let staging = try HTTP.freePort()
        ports = ["staging": staging, "production": try HTTP.freePort(except: staging)]
        try super.init(for: test)
        try furnish()
    }

    public func port(_ environment: String) -> Int { ports[environment] ?? 0 }

    /// Commits a release that calls itself `version`.
    public func commit(version: String, migration: (name: String, sql: String)? = nil) throws {
        var changes: [String: String?] = ["app/version": version]
        if let migration { changes["migrations/\(migration.name).sql"] = migration.sql }
        try commit(changes, version)
    }

    /// Promotes what staging runs.
    public func promote() throws { try run("production", "--confirm", "CONFIRM").expect(0) }
}

extension DeployctlFixture {
    public func get(_ path: String, from environment: String) -> HTTPAnswer {
        HTTP.ask("GET", path, port: port(environment))
    }

    /// Keeps an item in the application's database.
    public func post(_ item: String, to environment: String) throws {
        let answer = HTTP.ask("POST", "/items", port: port(environment), body: item)
        try expectEqual(answer.status, 201, "\(environment) keeps \(item): \(answer.body)")
    }

    /// Which release says that it serves.
    public func version(_ environment: String) throws -> String {
        struct Version: Decodable { let version: String }
        let answer = get("/version", from: environment)
        try expectEqual(answer.status, 200, "\(environment) answers: \(answer.body)")
        return try JSONDecoder().decode(Version.self, from: Data(answer.body.utf8)).version
    }

    public func items(_ environment: String) throws -> [String] {
        let answer = get("/items", from: environment)
        try expectEqual(answer.status, 200, "\(environment) answers: \(answer.body)")
        return try JSONDecoder().decode([String].self, from: Data(answer.body.utf8))
    }
}

extension DeployctlFixture {
    func furnish() throws {
        try write(Self.application, to: "app/server.py")
        try write("200", to: "app/health")
        try write("one", to: "app/version")
        try write(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL);\n",
            to: "migrations/V0001_item.sql")
        try write(Self.base, to: "environments/base.json")
        try write(Self.staging(port("staging")), to: "environments/staging.json")
        try write(Self.production(port("production")), to: "environments/production.json")
        try write(".deployctl/\nbackups/\nlogs/\n", to: ".gitignore")
        try beginRepository()
    }

    /// The interpreter itself: a shim in front of it would cost more than the application.
    private static let python: String = {
        ["/usr/bin/python3", "/usr/local/bin/python3"].first { access($0, X_OK) == 0 } ?? "python3"
    }()

    public static let base = """
        {
          "project": "shop",
          "services": {
            "web": {"role": "app", "command": ["\(python)", "-IS", "app/server.py"], "listen": "socket",
                    "health": {"path": "/health", "timeout": "10s"}},
            "front": {"role": "edge", "routes": {"/": "web"}}
          },
          "migrations": {"directory": "migrations"},
          "database": {"engine": "sqlite", "file": "data/app.db"},
          "drain": "2s",
          "watch": "0s"
        }
        """

    private static func staging(_ port: Int) -> String {
        """
        {"extends": "base.json", "ports": {"http": \(port)}, "logs": "logs/staging"}
        """
    }

    private static func production(_ port: Int) -> String {
        """
        {
          "extends": "base.json", "ports": {"http": \(port)}, "logs": "logs/production",
          "backup": {"beforeDeploy": true, "verify": "restore", "keep": {"last": 2}},
          "promotion": {"from": "staging"}
        }
        """
    }
}
