import DeployTestSupport
import Foundation
import XCTest

/// A shop of two services on three machines of a swarm, with staging and production; deployed from the one that manages it.
///
/// The test stands in that machine's network, as its users do.
final class SwarmWorld: ProjectWorld, @unchecked Sendable {
    let name = "dct\(UInt32.random(in: 100_000...999_999))"
    let swarm: ThrowawaySwarm
    let ports: [String: Int]

    init(for test: XCTestCase) throws {
        swarm = try ThrowawaySwarm()
        let standing = try swarm.enter(1)
        test.addTeardownBlock { standing.leave() }
        let first = try HTTP.freePort()
        ports = ["staging": first, "production": try HTTP.freePort(except: first)]
        try super.init(for: test)
        patience = 300
        variables["DOCKER_HOST"] = swarm.engines[0]
        try write(Self.image, to: "app/Dockerfile")
        try write(Self.compose, to: "compose.yml")
        try write(base, to: "environments/base.json")
        try write(staging, to: "environments/staging.json")
        try write(production, to: "environments/production.json")
        for environment in ["staging", "production"] {
            try write("hush-\(environment)", to: ".secrets/\(environment)")
            chmod("\(project)/.secrets/\(environment)", 0o600)
        }
        try write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try write(page("one"), to: "app/www/version")
        try beginRepository()
    }

    override func end() {
        for service in (try? services()) ?? [] { _ = try? swarm.docker(1, "service", "rm", service) }
        super.end()
    }

    func commit(version: String) throws { try commit(["app/www/version": page(version)], version) }

    private func page(_ version: String) -> String { "\(version)\n" }

    /// Ids of what the swarm runs of the project.
    func services(of environment: String? = nil) throws -> [String] {
        let filters =
            ["label=deployctl.project=\(name)"]
            + (environment.map { ["label=deployctl.environment=\($0)"] } ?? [])
        return try swarm.docker(1, ["service", "ls", "--quiet"] + filters.flatMap { ["--filter", $0] })
            .split(separator: "\n").map(String.init)
    }

    /// The one version that all copies of all services answer.
    ///
    /// - Throws: when they are of several releases, or do not answer.
    func version(_ environment: String) throws -> String {
        var seen: Set<String> = []
        for path in Array(repeating: ["/version", "/api/version"], count: 4).flatMap(\.self) {
            let answer = HTTP.ask("GET", path, port: ports[environment] ?? 0)
            try expectEqual(answer.status, 200, "\(path) of \(environment): \(answer.body)")
            seen.insert(answer.body.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        guard let one = seen.first, seen.count == 1 else { throw Unexpected("a mixture: \(seen.sorted())") }
        return one
    }

    func expectServing(_ version: String, _ environment: String = "staging", line: UInt = #line) throws {
        try expectEqual(self.version(environment), version, "what \(environment) serves, line \(line)")
    }

    /// Ends when the manager counts so many machines that are ready.
    func awaitMachines(_ count: Int) throws {
        let ready = {
            try? self.swarm.docker(1, "node", "ls", "--format", "{{.Status}}").split(separator: "\n")
                .count { $0 == "Ready" }
        }
        try expect(eventually(within: 60) { ready() == count }, "\(count) machines are ready")
    }
}

extension SwarmWorld {
    private static let image = """
        FROM busybox
        COPY www /www
        CMD ["sh", "-c", "exec httpd -f -p $HOST:$PORT -h /www"]

        """

    /// Copies on all machines, so that one that is lost takes some of each service with it.
    private static let compose = """
        services:
          web:
            build: ./app
            init: true
            expose: ["8000"]
            secrets: [TOKEN]
            stop_grace_period: 2s
            deploy: {replicas: 3, placement: {max_replicas_per_node: 2, preferences: [{spread: node.id}]}}
          api:
            build: ./app
            init: true
            expose: ["8000"]
            stop_grace_period: 2s
            deploy: {replicas: 3, placement: {max_replicas_per_node: 2, preferences: [{spread: node.id}]}}
        secrets:
          TOKEN: {file: "${DEPLOYCTL_SECRETS:-./secrets}/TOKEN"}

        """

    private var registry: String {
        "\(ProcessInfo.processInfo.environment["TB_REGISTRY"] ?? "127.0.0.1:15000")/\(name)"
    }

    private var base: String {
        """
        {
          "project": "\(name)",
          "runtime": {"kind": "swarm", "file": "compose.yml", "registry": "\(registry)"},
          "services": {
            "web": {"role": "app", "health": {"path": "/version", "timeout": "20s"}},
            "api": {"role": "app", "health": {"path": "/version", "timeout": "20s"}},
            "front": {"role": "edge", "routes": {"/": "web", "/api": {"service": "api", "strip": true}}}
          },
          "drain": "2s", "watch": "0s"
        }
        """
    }

    private var staging: String { environment("staging", "") }
    private var production: String {
        environment("production", ", \"promotion\": {\"from\": \"staging\"}")
    }

    private func environment(_ name: String, _ more: String) -> String {
        """
        {
          "extends": "base.json",
          "ports": {"http": \(ports[name] ?? 0)}, "network": "\(self.name)-\(name)",
          "secrets": {"TOKEN": {"file": ".secrets/\(name)"}}, "logs": "logs/\(name)"\(more)
        }
        """
    }
}
