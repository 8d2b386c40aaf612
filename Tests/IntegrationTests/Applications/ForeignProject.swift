import DeployTestSupport
import Foundation
import XCTest

/// Somebody's application on another machine.
struct ForeignProject {
    let stranger: Stranger
    private let server: ThrowawayServer
    private let front: ForeignFront
    private var folder: String { "/home/deploy/\(stranger.folder)" }
    private var second: String { "/home/deploy/second/\(stranger.folder)" }

    /// Brings what `world` wrote on this machine there.
    init(_ world: ApplicationWorld, on server: ThrowawayServer) throws {
        (stranger, self.server) = (world.stranger, server)
        front = ForeignFront(stranger: stranger, server: server, ports: world.ports)
        for (path, secret) in Self.secrets where try Self.isAsked(path, by: world) {
            try world.keep(secret, as: path)
        }
        try world.begin()
        try server.upload(world.project, to: folder)
        try server.upload("\(ProjectWorld.package)/Tests/Applications/\(stranger.folder)/two", to: second)
    }

    private static let secrets = [
        "deployer": "hush", "staging/database": "hush-staging", "production/database": "hush-production",
        "staging/key": "key-of-staging", "production/key": "key-of-production",
        "staging/broker": "redis://127.0.0.1:6379/0", "production/broker": "redis://127.0.0.1:6379/1",
        "staging/queue": "redis://127.0.0.1:6379/2", "production/queue": "redis://127.0.0.1:6379/3",
    ]

    private static func isAsked(_ secret: String, by world: ApplicationWorld) throws -> Bool {
        try ["base", "staging", "production"].contains {
            try world.read("environments/\($0).json").contains(".secrets/\(secret)\"")
        }
    }

    /// In the project's folder; what was printed on both outputs.
    @discardableResult
    func run(_ script: String, _ status: Int32 = 0) throws -> String {
        let run = try server.user("cd \(folder) && { \(script); }")
        let faults = NextSteps.faults(in: run.output, environments: ["base", "staging", "production"])
        try expectEqual(faults, [], script)
        try expectEqual(run.status, status, "\(script): \(run.output)")
        return run.output
    }

    func commitSecond() throws { try run("cp -r \(second)/. . && git add --all && git commit -qm two") }

    func promote() throws { try run("deployctl production -q --confirm CONFIRM") }

    /// When the release that `status` names was made.
    func release() throws -> String {
        let output = try run("deployctl status production --json")
        let report = try JSONDecoder().decode(StatusReport.self, from: Data(output.utf8))
        return try XCTUnwrap(report.environments.first?.release, output)
    }

    /// Runs its own tools in production, which is this release.
    func useTools(_ version: String) throws {
        guard let (service, command) = stranger.tellsVersion else { return }
        for words in stranger.tools + [command] {
            let quoted = words.map { "\"\($0)\"" }.joined(separator: " ")
            let output = try run("deployctl exec production \(service) -- \(quoted)")
            guard words == command else { continue }
            try expect(output.contains(version), "\(version) answers: \(output)")
        }
    }
}

/// What it serves there.
extension ForeignProject {
    func post(_ item: String, to environment: String = "production") throws {
        try front.post(item, to: environment)
    }

    /// Some requests stand for a day, with the logs turned over at noon.
    ///
    /// - Returns: the items that were kept.
    func passADay() throws -> [String] {
        let kept = stranger.keepsItems ? (1...20).map { "day\($0)" } : []
        let asking =
            "for n in $(seq 20); do curl -s \(front.address("production"))/nowhere$n >/dev/null; done"
        let turning =
            "for log in logs/production/*.log; do cp --preserve $log $log.1; truncate --size 0 $log; done"
        let posts = kept.map { "\(front.posting($0, to: "production")) >/dev/null" }
        try run(
            (posts.prefix(10) + [asking, turning] + posts.dropFirst(10) + [asking]).joined(separator: "\n"))
        return kept
    }

    /// Waits until the environment serves these very bytes by itself.
    func expectServed(
        _ version: String, _ items: [String], in environment: String = "production", within: Double = 30
    ) throws {
        try front.expectServed(version, items, in: environment, within: within)
    }

    /// What `status` says of both environments.
    func expectHealthy() throws {
        let output = try run("deployctl status --json")
        let report = try JSONDecoder().decode(StatusReport.self, from: Data(output.utf8))
        for place in report.environments {
            try expectEqual([place.state] + place.drift, ["healthy"], place.name)
        }
    }
}
