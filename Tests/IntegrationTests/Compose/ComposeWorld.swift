import DeployTestSupport
import Foundation
import XCTest

/// A small shop on the real engine: one web service with a SQLite file, one service that outlives releases.
final class ComposeWorld: ProjectWorld {
    /// Its own in every test, so that several can run on one engine.
    let name: String
    let port: Int
    let dataPort: Int

    init() throws {
        name = "dct\(UInt32.random(in: 100_000...999_999))"
        port = try DeployctlFixture.freePort()
        dataPort = try DeployctlFixture.freePort(except: port)
        try super.init()
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
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: "\(project)/.secrets/TOKEN")
        try write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try beginRepository()
    }

    /// Skips where there is no engine; fails there when everything is required.
    static func requireEngine() throws {
        let missing = ["python:3.11", "busybox"].filter { !succeeds(["docker", "image", "inspect", $0]) }
        let compose = succeeds(["docker", "compose", "version"])
        guard !compose || !missing.isEmpty else { return }
        let required = ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_REQUIRE"] == "all"
        XCTAssertFalse(required, "a container engine with Compose, python:3.11 and busybox is required")
        throw XCTSkip("skipped: no container engine with Compose, python:3.11 and busybox")
    }

    private static func succeeds(_ words: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Takes away every container, network, volume and image of this world.
    override func remove() {
        for kind in [["ps", "-aq"], ["network", "ls", "-q"], ["volume", "ls", "-q"]] {
            let found = (try? docker(kind + ["--filter", "label=deployctl.project=\(name)"])) ?? ""
            let ids = found.split(separator: "\n").map(String.init)
            let verb = kind[0] == "ps" ? ["rm", "-f", "-v"] : [kind[0], "rm"]
            if !ids.isEmpty { _ = try? run("docker", verb + ids) }
        }
        let images = (try? docker(["image", "ls", "-q", "--filter", "reference=\(name)-*"])) ?? ""
        let ids = Set(images.split(separator: "\n").map(String.init))
        if !ids.isEmpty { _ = try? run("docker", ["image", "rm", "-f"] + ids) }
        super.remove()
    }

    func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: "\(project)/\(path)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(project)/\(path)", encoding: .utf8)
    }

    /// Replaces text that must be there.
    func replace(_ old: String, with new: String, in path: String) throws {
        let text = try read(path)
        guard text.contains(old) else { throw Unexpected("\(path) does not contain \(old)") }
        try write(text.replacingOccurrences(of: old, with: new), to: path)
    }

    func commit(version: String) throws {
        try write("\(version)\n", to: "app/version")
        try commit(version)
    }

    @discardableResult
    func succeed(_ arguments: String..., line: UInt = #line) throws -> Answer {
        try expect(0, arguments, line)
    }

    @discardableResult
    func fail(_ code: Int32, _ arguments: String..., line: UInt = #line) throws -> Answer {
        try expect(code, arguments, line)
    }

    private func expect(_ code: Int32, _ arguments: [String], _ line: UInt) throws -> Answer {
        let answer = try run("\(Self.binaries)/deployctl", arguments)
        guard answer.code == code else {
            throw Unexpected(
                "deployctl \(arguments.joined(separator: " ")) exits \(answer.code), not \(code) (line \(line)):\n\(answer.errors)\(answer.output)"
            )
        }
        return answer
    }

    @discardableResult
    func docker(_ arguments: [String]) throws -> String {
        let answer = try run("docker", arguments)
        guard answer.code == 0 else {
            throw Unexpected("docker \(arguments.joined(separator: " ")): \(answer.errors)")
        }
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ids of the world's containers with these labels, stopped ones included.
    func containers(_ labels: String...) throws -> [String] {
        let filters = (["project=\(name)"] + labels).flatMap { ["--filter", "label=deployctl.\($0)"] }
        return try docker(["ps", "-aq", "--no-trunc"] + filters).split(separator: "\n").map(String.init)
    }

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

    func status() throws -> String { try deployctl("status", "staging").output }
}
