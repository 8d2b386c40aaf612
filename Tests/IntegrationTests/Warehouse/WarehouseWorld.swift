import DeployTestSupport
import Foundation
import XCTest

/// The warehouse system with the definitions' own values, in a repository of its own, on the real engine.
///
/// Its ports, network and volumes are what the definitions name, so there can be one at a time.
final class WarehouseWorld: ProjectWorld {
    static let branch = "stable/prisma-mysql-1"
    private static let volumes = ["staging_mysql_data", "production_mysql_data"]
    private static let networks = ["staging-network", "production-network"]

    init(changing change: [String: [(String, String)]] = [:]) throws {
        try super.init()
        try copyDefinitions()
        for (file, pairs) in change { try edit(file, pairs) }
        _ = try run("environments/wms/make-secrets", ["staging", "production"])
        try beginRepository(branch: Self.branch)
    }

    /// Skips where there is no engine; fails there when everything is required.
    static func requireEngine() throws {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        probe.arguments = ["docker", "compose", "version"]
        (probe.standardOutput, probe.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try probe.run()
        probe.waitUntilExit()
        let engine = Process()
        engine.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        engine.arguments = ["docker", "image", "inspect", "mysql:8.0"]
        (engine.standardOutput, engine.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try engine.run()
        engine.waitUntilExit()
        guard probe.terminationStatus != 0 || engine.terminationStatus != 0 else { return }
        let required = ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_REQUIRE"] == "all"
        XCTAssertFalse(required, "a container engine with Compose and mysql:8.0 is required")
        throw XCTSkip("skipped: no container engine with Compose and mysql:8.0")
    }

    /// Stops what serves and takes away every container, network, volume and image of this project.
    override func remove() {
        for environment in ["staging", "production"] { _ = try? deployctl("stop", environment) }
        let labelled = ["--filter", "label=deployctl.project=wms"]
        discard(["ps", "-aq"] + labelled, by: ["rm", "-f", "-v"])
        discard(["network", "ls", "-q"] + labelled, by: ["network", "rm"])
        _ = try? run("docker", ["volume", "rm", "-f"] + Self.volumes)
        super.remove()
    }

    private func discard(_ list: [String], by remove: [String]) {
        let found = (try? run("docker", list).output.split(separator: "\n").map(String.init)) ?? []
        if !found.isEmpty { _ = try? run("docker", remove + found) }
    }

    private func copyDefinitions() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: "\(project)/environments", withIntermediateDirectories: true)
        for name in ["base.json", "staging.json", "production.json", "wms"] {
            try files.copyItem(
                atPath: "\(Self.package)/environments/\(name)", toPath: "\(project)/environments/\(name)")
        }
        for name in ["secrets", "shared"] {
            try? files.removeItem(atPath: "\(project)/environments/wms/\(name)")
        }
        try Data(".deployctl/\n.secrets/\nlogs/\nbackups/\n".utf8)
            .write(to: URL(fileURLWithPath: "\(project)/.gitignore"))
        // Not in the table: a test cannot wait half an hour.
        try edit("environments/production.json", [("\"soak\": \"30m\"", "\"soak\": \"1s\"")])
    }

    /// Replaces texts that must be there in a file of the project.
    func edit(_ file: String, _ pairs: [(String, String)]) throws {
        let url = URL(fileURLWithPath: "\(project)/\(file)")
        var text = try String(contentsOf: url, encoding: .utf8)
        for (old, new) in pairs {
            guard text.contains(old) else { throw Unexpected("\(file) has no \(old)") }
            text = text.replacingOccurrences(of: old, with: new)
        }
        try Data(text.utf8).write(to: url)
    }

    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(project)/\(file)"))
    }
}

extension WarehouseWorld {
    /// Deploys to staging and then to production.
    func promote(_ line: UInt = #line) throws {
        try succeed("staging", line: line)
        _ = eventually(within: 5) { false == ((try? self.deployctl("gates").code) ?? 12 != 0) }
        try succeed("production", "--confirm", "CONFIRM", line: line)
    }

    @discardableResult
    func succeed(_ arguments: String..., line: UInt = #line) throws -> Answer {
        let answer = try run("\(Self.binaries)/deployctl", arguments)
        guard answer.code == 0 else {
            throw Unexpected(
                "deployctl \(arguments.joined(separator: " ")) exits \(answer.code) (line \(line)):\n\(answer.errors)\(answer.output)"
            )
        }
        return answer
    }

    func json(_ arguments: String...) throws -> JSONValue {
        try JSONValue(parsing: run("\(Self.binaries)/deployctl", arguments + ["--json"]).output)
    }

    /// Answer of a request by curl: status, headers in lower case, body.
    func request(_ url: String, _ arguments: String...) throws -> (status: Int, headers: String, body: String)
    {
        let answer = try run(
            "curl", ["-sS", "--insecure", "--max-time", "10", "--include"] + arguments + [url])
        let parts = answer.output.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n\n")
        let head = parts.first ?? ""
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return (status, head.lowercased(), parts.dropFirst().joined(separator: "\n\n"))
    }

    /// Rows of a query as the environment's administrator, inside its database's container.
    func query(_ environment: String, _ sql: String) throws -> [String] {
        let id = try container("database", of: environment)
        let answer = try run(
            "docker",
            [
                "exec", id, "mysql", "--defaults-extra-file=/run/secrets/deployctl-client.cnf", "-N", "-B",
                "-e", sql,
            ])
        guard answer.code == 0 else { throw Unexpected("\(sql): \(answer.errors)") }
        return answer.output.split(separator: "\n").map(String.init)
    }

    func container(_ service: String, of environment: String) throws -> String {
        let answer = try run(
            "docker",
            ["ps", "-q"]
                + ["project=wms", "environment=\(environment)", "service=\(service)"]
                .flatMap { ["--filter", "label=deployctl.\($0)"] })
        return try XCTUnwrap(answer.output.split(separator: "\n").first.map(String.init), service)
    }

    func secret(_ name: String, of environment: String) throws -> String {
        try String(contentsOfFile: "\(project)/.secrets/\(environment)/\(name)", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
