import DeployTestSupport
import Foundation
import XCTest

/// A server with systemd to which both environments of a shop were deployed, as one of its users.
final class KeptServer {
    let server: ThrowawayServer
    /// Public ports by environment.
    let ports: [String: Int]
    /// The account that deploys there.
    let user: String
    /// The project's folder there.
    let folder: String

    /// `files`: what the project holds besides, by path.
    init(
        _ name: String, for test: XCTestCase, user: String = "deploy", files: [String: String] = [:]
    ) throws {
        server = try ThrowawayServer(name, for: test, binary: ProjectWorld.findBinary())
        (self.user, folder) = (user, user == "root" ? "/srv/shop" : "/home/\(user)/shop")
        ports = try Self.bring(to: server, as: user, at: folder, files, for: test)
    }

    /// The same machine, with a project of another user beside what is there.
    init(on server: ThrowawayServer, for test: XCTestCase, user: String) throws {
        (self.server, self.user) = (server, user)
        folder = user == "root" ? "/srv/shop" : "/home/\(user)/shop"
        ports = try Self.bring(to: server, as: user, at: folder, [:], for: test)
    }

    private static func bring(
        to server: ThrowawayServer, as user: String, at folder: String, _ files: [String: String],
        for test: XCTestCase
    ) throws -> [String: Int] {
        let world = try DeployctlFixture(for: test)
        for (path, text) in files { try world.write(text, to: path) }
        try server.upload(world.project, to: folder)
        try server.root(
            """
            chown -R \(user): \(folder)
            su - \(user) -c 'git config --global user.email ada@example.org; git config --global user.name ada
            cd \(folder) && git add -A && git commit -qm More --allow-empty && deployctl staging -q && deployctl production -q --confirm CONFIRM'
            """)
        return world.ports
    }

    /// As its user, in the project's folder; what was printed on both outputs.
    @discardableResult
    func run(_ script: String, _ status: Int32 = 0) throws -> String {
        let run = try attempt(script)
        try expectEqual(run.status, status, "\(script): \(run.output)")
        return run.output
    }

    func attempt(_ script: String) throws -> (status: Int32, output: String) {
        if user == "deploy" { return try server.user("cd \(folder) && { \(script); }") }
        let quoted = "cd \(folder) && { \(script); }".replacingOccurrences(of: "'", with: "'\\''")
        let output = try server.root("su - \(user) -c '\(quoted)' 2>&1; code=$?; echo; echo $code")
        let lines = output.components(separatedBy: "\n").filter { !$0.isEmpty }
        return (lines.last.flatMap { Int32($0) } ?? -1, lines.dropLast().joined(separator: "\n"))
    }

    func post(_ item: String) throws {
        try run("curl -sf -d \(item) http://127.0.0.1:\(ports["production"] ?? 0)/items")
    }

    /// What its keeper and its nginx said, and what listens there.
    private func traces(of environment: String) throws -> String {
        try "\n"
            + attempt(
                """
                journalctl --user -u deployctl-shop --no-pager --output cat | tail -20; ss -lntxp | grep -v systemd
                ls -l .deployctl/\(environment)/run/current/; tail -n 5 .deployctl/\(environment)/edge/error.log \
                    .deployctl/\(environment)/run/current/error.log; ps -eo pid,ppid,etimes,args
                """
            ).output
    }

    /// What an environment answers, asked again until it does.
    ///
    /// `within`: seconds.
    func answer(_ path: String, from environment: String = "production", within: Double = 20) throws -> String
    {
        var answer = ""
        let answers = try eventually(within: within) {
            let run = try attempt("curl -sf http://127.0.0.1:\(ports[environment] ?? 0)\(path)")
            answer = run.output
            return run.status == 0
        }
        let traces = answers ? "" : try traces(of: environment)
        try expect(answers, "\(environment) answers\(traces)")
        return answer
    }

    /// What production keeps.
    func items(within: Double = 20) throws -> [String] {
        try JSONDecoder().decode([String].self, from: Data(try answer("/items", within: within).utf8))
    }

    /// Starts a keeper by the user's manager, which lingers, or by the machine's.
    func install() throws {
        guard user != "root" else { return _ = try run("deployctl boot install && deployctl boot status") }
        try run("deployctl boot install", 19)
        try server.root("loginctl enable-linger \(user)")
        try run("deployctl boot status")
    }
}
