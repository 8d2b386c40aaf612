import DeployTestSupport
import Foundation
import XCTest

/// A small shop on the real engine: one web service with a SQLite file, one service that outlives releases.
final class ComposeWorld: ProjectWorld, @unchecked Sendable {
    /// Its own in every test, so that several can run on one engine.
    let name = "dct\(UInt32.random(in: 100_000...999_999))"
    let port: Int
    let dataPort: Int

    init(for test: XCTestCase) throws {
        port = try HTTP.freePort()
        dataPort = try HTTP.freePort(except: port)
        try super.init(for: test)
        patience = 600
        try write(ComposeShop.server, to: "app/server.py")
        try write(ComposeShop.image, to: "app/Dockerfile")
        try write("one\n", to: "app/version")
        try write("200\n", to: "app/health")
        try write(ComposeShop.compose, to: "compose.yml")
        try write(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL);\n",
            to: "migrations/V0001_item.sql")
        try write(
            ComposeShop.definition(name, port: port, dataPort: dataPort), to: "environments/staging.json")
        try write("hush-\(name)", to: ".secrets/TOKEN")
        chmod("\(project)/.secrets/TOKEN", 0o600)
        try write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try beginRepository()
    }

    override func end() {
        removeFromEngine(name)
        super.end()
    }

    func commit(version: String) throws { try commit(["app/version": "\(version)\n"], version) }

    func containers(_ labels: String...) throws -> [String] { try containers(of: name, labels) }

    func container(_ service: String) throws -> String {
        try XCTUnwrap(containers("service=\(service)").first, "no container of \(service)")
    }

    /// What the public port answers to `/version`.
    func version() throws -> String {
        let answer = HTTP.ask("GET", "/version", port: port)
        guard answer.status == 200 else {
            throw Unexpected("/version answers \(answer.status) \(answer.body)")
        }
        return try JSONDecoder().decode([String: String].self, from: Data(answer.body.utf8))["version"] ?? ""
    }

    /// What is kept of a service's output.
    func log(_ service: String) -> String { (try? read("logs/staging/\(service).log")) ?? "" }

    func status() throws -> String { try run("status", "staging").output }
}
