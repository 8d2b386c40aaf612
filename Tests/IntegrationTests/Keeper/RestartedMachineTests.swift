import DeployTestSupport
import Foundation
import XCTest

/// A real machine with systemd restarts, in order and by a power cut, and everything is as it was.
final class RestartedMachineTests: XCTestCase {
    private func server() throws -> ThrowawayServer {
        let server = try ThrowawayServer("keeper", for: self, binary: ProjectWorld.findBinary())
        let world = try DeployctlFixture(for: self)
        try server.upload(world.project, to: "/home/deploy/shop")
        _ = try server.user(
            "git config --global user.email ada@example.org; git config --global user.name ada")
        try run(server, "git init -q -b main . 2>/dev/null; git add -A; git commit -qm More --allow-empty")
        try run(server, "deployctl staging")
        try run(server, "deployctl production --confirm CONFIRM")
        ports = world.ports
        return server
    }

    private var ports: [String: Int] = [:]

    @discardableResult
    private func run(_ server: ThrowawayServer, _ script: String, _ status: Int32 = 0) throws -> String {
        let run = try server.user("cd ~/shop && { \(script); }")
        try expectEqual(run.status, status, "\(script): \(run.output)")
        return run.output
    }

    private func post(_ server: ThrowawayServer, _ item: String) throws {
        try run(server, "curl -sf -d \(item) http://127.0.0.1:\(ports["production"] ?? 0)/items")
    }

    /// What production keeps, asked again until it answers.
    private func items(_ server: ThrowawayServer) throws -> [String] {
        var answer = ""
        let answers = try eventually(within: 20) {
            let run = try server.user("curl -sf http://127.0.0.1:\(ports["production"] ?? 0)/items")
            answer = run.output
            return run.status == 0
        }
        try expect(answers, "production answers")
        return try JSONDecoder().decode([String].self, from: Data(answer.utf8))
    }

    private func install(_ server: ThrowawayServer) throws {
        try run(server, "deployctl boot install", 19)
        try run(server, "sudo loginctl enable-linger deploy && deployctl boot status")
    }

    func testBothEnvironmentsComeBackByThemselves() throws {
        let server = try server()
        try post(server, "before")
        try install(server)
        for (number, restart) in [server.reboot, server.cutPower, server.reboot].enumerated() {
            try restart()
            XCTAssertEqual(try items(server), ["before"] + (0..<number).map { "after-\($0)" })
            try run(server, "deployctl status")
            try post(server, "after-\(number)")
        }
        let log = try run(server, "journalctl --user -u deployctl-shop --no-pager --output cat")
        XCTAssertTrue(log.contains("production: web ended with the machine"), log)
        XCTAssertTrue(log.contains("production: web runs again"), log)
        let status = try run(server, "deployctl status --json")
        XCTAssertFalse(status.contains("crash loop"), status)
    }

    func testWhatWasStoppedStaysStoppedAndARolledBackReleaseComesBack() throws {
        let server = try server()
        try post(server, "of-one")
        try install(server)
        try run(server, "echo two > app/version; git commit -qam two; deployctl staging")
        try run(server, "deployctl production --confirm CONFIRM")
        try post(server, "of-two")
        try run(server, "deployctl rollback previous --confirm CONFIRM")
        try run(server, "deployctl stop staging")
        try server.cutPower()
        XCTAssertEqual(try items(server), ["of-one"])
        let status = try run(server, "deployctl status --json staging")
        XCTAssertTrue(status.contains("\"state\":\"stopped\""), status)
    }

    /// Power goes at some moment of a deployment; with `DEPLOYCTL_SOAK=1` at twenty.
    func testAPowerCutInADeploymentLeavesAReleaseServing() throws {
        let server = try server()
        try post(server, "before")
        try install(server)
        let rounds = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 20 : 2
        for number in 0..<rounds {
            try run(server, "deployctl abort staging; deployctl abort production; true")
            try run(server, "echo \(number) > app/version; git commit -qam \(number)")
            try run(
                server,
                "nohup sh -c \"deployctl staging; deployctl production --confirm CONFIRM\" >/dev/null 2>&1 & true"
            )
            usleep(UInt32.random(in: 200_000...3_000_000))
            try server.cutPower()
            XCTAssertEqual(try items(server).first, "before")
            let status = try server.user("cd ~/shop && deployctl status")
            XCTAssertTrue([0, 18, 19].contains(status.status), status.output)
            XCTAssertTrue(status.output.contains("running, healthy"), status.output)
        }
        try run(server, "deployctl abort staging; deployctl abort production; deployctl status")
    }

    /// By a unit of the machine, as root, in a folder of root's.
    func testTheMachineKeepsAProjectOfRoots() throws {
        let server = try server()
        try run(server, "deployctl stop staging; deployctl stop production")
        try server.root(
            """
            git config --global user.email r@example.org; git config --global user.name root
            cp -r /home/deploy/shop /srv/shop && chown -R root: /srv/shop && cd /srv/shop && rm -rf .deployctl backups logs
            deployctl staging && deployctl production --confirm CONFIRM && deployctl boot install && deployctl boot status
            """)
        try server.cutPower()
        XCTAssertEqual(try items(server), [])
        let status = try server.root("cd /srv/shop && deployctl status && systemctl is-active deployctl-shop")
        XCTAssertTrue(status.contains("active"), status)
    }
}
