import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// The warehouse system with the definitions' own values, in a repository of its own, on the real engine.
///
/// Its ports, network and volumes are what the definitions name, so there can be one at a time on a machine: a second
/// one waits for the end of the first.
final class WarehouseWorld: ProjectWorld, @unchecked Sendable {
    static let branch = "stable/prisma-mysql-1"
    private static let volumes = ["staging_mysql_data", "production_mysql_data"]
    private let turn: Turn

    /// Without a test several share the world, and one of them ends it.
    init(for test: XCTestCase?, changing change: [String: [(String, String)]] = [:]) throws {
        try ContainerEngine.require("mysql:8.0")
        turn = try Turn()
        try super.init(for: test)
        (patience, variables["DEPLOYCTL_PERFORMER"]) = (600, "deploy@example.org")
        // A run that was killed may have left some.
        removeContainersAndVolumes()
        try copyDefinitions()
        for (file, pairs) in change {
            for (old, new) in pairs { try replace(old, with: new, in: file) }
        }
        try runProgram(["environments/wms/make-secrets", "staging", "production"]).expect(0)
        try beginRepository(branch: Self.branch)
    }

    /// Stops what serves and takes away every container, network and volume of this project.
    override func end() {
        for environment in ["staging", "production"] { _ = try? run("stop", environment) }
        removeContainersAndVolumes()
        super.end()
        turn.end()
    }

    private func removeContainersAndVolumes() {
        removeFromEngine("wms")
        _ = try? runProgram(["docker", "volume", "rm", "-f"] + Self.volumes)
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
        try write(".deployctl/\n.secrets/\nlogs/\nbackups/\n", to: ".gitignore")
        // Not in the table: a test cannot wait half an hour.
        try replace("\"soak\": \"30m\"", with: "\"soak\": \"1s\"", in: "environments/production.json")
    }
}

extension WarehouseWorld {
    /// Deploys to staging and then to production.
    func promote() throws {
        try run("staging").expect(0)
        _ = eventually(within: 10) { (try? run("gates").status) == 0 }
        try run("production", "--confirm", "CONFIRM").expect(0)
    }

    func json(_ arguments: String...) throws -> JSONField {
        try JSONField(parsing: run(arguments + ["--json"]).output)
    }

    /// Answer of a request by curl: status, headers in lower case, body.
    func request(_ url: String, _ arguments: String...) throws -> (status: Int, headers: String, body: String)
    {
        let answer = try runProgram(
            ["curl", "-sS", "--insecure", "--max-time", "10", "--include"] + arguments + [url])
        let parts = answer.output.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n\n")
        let head = parts.first ?? ""
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return (status, head.lowercased(), parts.dropFirst().joined(separator: "\n\n"))
    }

    /// Rows of a query as the environment's administrator, inside its database's container.
    func query(_ environment: String, _ sql: String) throws -> [String] {
        let id = try container("database", of: environment)
        let rows = try docker([
            "exec", id, "mysql", "--defaults-extra-file=/run/secrets/deployctl-client.cnf", "-N", "-B",
            "-e", sql,
        ])
        return rows.split(separator: "\n").map(String.init)
    }

    func container(_ service: String, of environment: String) throws -> String {
        let labels = ["environment=\(environment)", "service=\(service)"]
        return try XCTUnwrap(try containers(of: "wms", labels, running: true).first, service)
    }

    func secret(_ name: String, of environment: String) throws -> String {
        try read(".secrets/\(environment)/\(name)")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The right to have this machine's one warehouse; waits for it.
private final class Turn {
    private var lock: Int32

    init() throws {
        lock = open("/tmp/deployctl-warehouse.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw Unexpected("no lock: errno \(errno)") }
    }

    deinit { end() }

    func end() {
        if lock >= 0 { close(lock) }
        lock = -1
    }
}
