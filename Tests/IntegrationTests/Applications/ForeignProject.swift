import DeployTestSupport
import Foundation
import XCTest

/// Somebody's application on another machine.
struct ForeignProject {
    let stranger: Stranger
    private let server: ThrowawayServer
    private let ports: [String: Int]
    private var folder: String { "/home/deploy/\(stranger.folder)" }
    private var second: String { "/home/deploy/second/\(stranger.folder)" }

    /// Brings what `world` wrote on this machine there.
    init(_ world: ApplicationWorld, on server: ThrowawayServer) throws {
        (stranger, self.server, ports) = (world.stranger, server, world.ports)
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
        guard stranger.keepsItems else { return }
        try expectEqual(try run(posting(item, to: environment)), "201", "\(item) is kept")
    }

    /// Some requests stand for a day, with the logs turned over at noon.
    ///
    /// - Returns: the items that were kept.
    func passADay() throws -> [String] {
        let kept = stranger.keepsItems ? (1...20).map { "day\($0)" } : []
        let asking = "for n in $(seq 20); do curl -s \(address("production"))/nowhere$n >/dev/null; done"
        let turning =
            "for log in logs/production/*.log; do cp --preserve $log $log.1; truncate --size 0 $log; done"
        let posts = kept.map { "\(posting($0, to: "production")) >/dev/null" }
        try run(
            (posts.prefix(10) + [asking, turning] + posts.dropFirst(10) + [asking]).joined(separator: "\n"))
        return kept
    }

    /// Prints the status.
    private func posting(_ item: String, to environment: String) -> String {
        "curl -s -o /dev/null -w %{http_code} -H Content-Type:text/plain -d \(item) \(address(environment))/items"
    }

    /// Waits until the environment serves these very bytes by itself.
    ///
    /// - Returns: the seconds it took.
    @discardableResult
    func expectServed(
        _ version: String, _ items: [String], in environment: String = "production", within: Double = 30
    )
        throws -> Double
    {
        let began = Date()
        var pages = stranger.pages
        pages["/"] = "\(version)\n"
        if stranger.keepsFiles { for item in items { pages["/uploads/\(item).txt"] = item } }
        var (found, kept): ([String: String], [String]) = ([:], [])
        let same = try eventually(within: within) {
            found = try answers(Array(pages.keys) + (stranger.keepsItems ? ["/items"] : []), of: environment)
            guard stranger.keepsItems else { return found == pages }
            // Workers do their part in whatever order.
            let lines = found.removeValue(forKey: "/items")?.components(separatedBy: "\n") ?? []
            kept = lines.filter { !$0.isEmpty }.sorted()
            return found == pages && kept == items.sorted()
        }
        try expect(
            same, "\(environment) serves \(found) and \(kept), not \(version) and \(items)")
        return Date().timeIntervalSince(began)
    }

    /// Bodies by path; the status in the place of one that is not 200.
    private func answers(_ paths: [String], of environment: String) throws -> [String: String] {
        let script = """
            for path in \(paths.joined(separator: " ")); do
            code=$(curl -s -m 10 -o /tmp/body-$$ -w %{http_code} \(address(environment))$path)
            echo $path $code $(base64 -w0 /tmp/body-$$); : > /tmp/body-$$; done; rm -f /tmp/body-$$
            """
        let lines = try run(script).components(separatedBy: "\n").map { $0.components(separatedBy: " ") }
        return Dictionary(
            uniqueKeysWithValues: lines.filter { $0.count == 3 }.map { words in
                let body = String(decoding: Data(base64Encoded: words[2]) ?? Data(), as: UTF8.self)
                return (words[0], words[1] == "200" ? body : words[1])
            })
    }

    /// What `status` says of both environments.
    func expectHealthy() throws {
        let output = try run("deployctl status --json")
        let report = try JSONDecoder().decode(StatusReport.self, from: Data(output.utf8))
        for place in report.environments {
            try expectEqual([place.state] + place.drift, ["healthy"], place.name)
        }
    }

    private func address(_ environment: String) -> String { "http://127.0.0.1:\(ports[environment] ?? 0)" }
}
