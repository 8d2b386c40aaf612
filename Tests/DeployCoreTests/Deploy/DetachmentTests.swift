import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Who began a run and waits for it, and who has gone.
final class DetachmentTests: XCTestCase {
    /// A process by number, session and program; its parent is the one after it.
    private struct P {
        var pid: Int32
        var session: Int32
        var program: String
        var terminal = false
        var unit = ""
        var eldest = true
        var age = 0.0
        var root = true
        var installed = true
        var trusted = false
    }

    private func isDetached(_ processes: [P]) -> Bool {
        Detachment.isDetached(
            processes.enumerated().map { index, process in
                Relative(
                    pid: process.pid, parent: index + 1 < processes.count ? processes[index + 1].pid : 0,
                    session: process.session, hasTerminal: process.terminal, program: process.program,
                    unit: process.unit, isEldestOfUnit: process.eldest, age: process.age,
                    isRoot: process.root,
                    isInstalled: process.installed, isTrusted: process.trusted)
            })
    }

    private let systemd = P(pid: 1, session: 1, program: "systemd", unit: "init.scope")
    private let tini = P(pid: 1, session: 1, program: "tini")

    func testWhatIsOlderThanTheProjectWasLeftBehindByNoHookOfIt() {
        let left = [
            Relative(pid: 90, parent: 80, session: 80, program: "deployctl", age: 1),
            Relative(pid: 80, parent: 1, session: 80, program: "bash", age: 100),
            Relative(pid: 1, parent: 0, session: 1, program: "tini", age: 5000),
        ]
        XCTAssertTrue(Detachment.isDetached(left))
        XCTAssertTrue(Detachment.isDetached(left) { 101 })
        XCTAssertTrue(Detachment.isDetached(left) { 99 }, "as good as the clocks are")
        XCTAssertFalse(Detachment.isDetached(left) { 90 })
        var unknown = left
        unknown[1].age = 0
        XCTAssertTrue(Detachment.isDetached(unknown) { 0 }, "an age that is not known proves nothing")
    }

    /// A folder is made anew with one command.
    func testAProjectIsAsOldAsItsFirstRecord() throws {
        let machine = SimulatedMachine()
        var ports = machine.ports()
        var witness = FakeWitness()
        ports.witness = witness
        let now = ports.clock.now().timeIntervalSince1970
        func age() -> Double? {
            ProjectAge(workspace: Workspace(ports: ports, project: machine.project)).seconds
        }
        XCTAssertNil(age(), "where the file system does not say")
        witness.births = [machine.project: now - 5, "\(machine.project)/.git": now - 9]
        ports.witness = witness
        let alone = try XCTUnwrap(age())
        XCTAssertEqual(alone, 9, accuracy: 0.1)
        let origin = Origin(performer: "ada", trigger: .terminal)
        let deployer = Deployer(
            Workspace(ports: ports, project: machine.project),
            definitions: DefinitionLoader(files: ports.files, folder: "\(machine.project)/environments"),
            origin: origin
        ) { _ in }
        var entry = deployer.audit.entry(.hold, in: "staging")
        entry.at = UTC.rfc3339(Date(timeIntervalSince1970: now - 500))
        try deployer.audit.record(entry)
        XCTAssertEqual(try XCTUnwrap(age()), 500, accuracy: 1.1)
    }

    func testWhatSomebodyWaitsForIsNotDetached() {
        let cron = P(pid: 20, session: 20, program: "cron", unit: "cron.service")
        let sshd = P(pid: 30, session: 30, program: "sshd", unit: "ssh.service")
        let manager = P(pid: 40, session: 40, program: "systemd", unit: "init.scope")
        let cases: [(String, [P])] = [
            (
                "a person at a terminal, over ssh",
                [
                    P(pid: 90, session: 80, program: "deployctl", terminal: true),
                    P(pid: 80, session: 80, program: "bash", terminal: true, unit: "session-3.scope"),
                    P(pid: 70, session: 70, program: "sshd", unit: "session-3.scope"), sshd, systemd,
                ]
            ),
            (
                "tmux, left to the first process",
                [
                    P(pid: 90, session: 80, program: "deployctl", terminal: true),
                    P(pid: 80, session: 80, program: "bash", terminal: true, unit: "session-3.scope"),
                    P(pid: 70, session: 70, program: "tmux", unit: "session-3.scope", eldest: false),
                    systemd,
                ]
            ),
            (
                "a window whose shell has gone",
                [
                    P(pid: 90, session: 80, program: "deployctl", terminal: true),
                    P(pid: 80, session: 80, program: "zsh", terminal: true, unit: "session-3.scope"),
                    P(pid: 70, session: 33, program: "xterm", unit: "session-3.scope"), systemd,
                ]
            ),
            (
                "sudo in a terminal",
                [
                    P(pid: 90, session: 88, program: "deployctl", terminal: true),
                    P(pid: 88, session: 88, program: "sudo", terminal: true),
                    P(pid: 87, session: 80, program: "sudo", terminal: true),
                    P(pid: 80, session: 80, program: "bash", terminal: true),
                    P(pid: 70, session: 70, program: "sshd", unit: "session-3.scope"), sshd, systemd,
                ]
            ),
            (
                "ssh -T",
                [
                    P(pid: 90, session: 80, program: "deployctl", unit: "session-3.scope"),
                    P(pid: 80, session: 80, program: "bash", unit: "session-3.scope"),
                    P(pid: 70, session: 70, program: "sshd", unit: "session-3.scope"), sshd, systemd,
                ]
            ),
            (
                "ssh -T where systemd listens",
                [
                    P(pid: 90, session: 80, program: "deployctl", unit: "session-3.scope"),
                    P(pid: 80, session: 80, program: "bash", unit: "session-3.scope"),
                    P(pid: 70, session: 70, program: "sshd-session", unit: "session-3.scope"), systemd,
                ]
            ),
            (
                "cron",
                [
                    P(pid: 90, session: 80, program: "deployctl", unit: "cron.service"),
                    P(pid: 80, session: 80, program: "sh", unit: "cron.service", eldest: false), cron,
                    systemd,
                ]
            ),
            (
                "cron without systemd",
                [
                    P(pid: 90, session: 80, program: "deployctl"), P(pid: 80, session: 80, program: "dash"),
                    P(pid: 20, session: 20, program: "cron"), tini,
                ]
            ),
            (
                "a service of systemd, or a timer's",
                [P(pid: 90, session: 90, program: "deployctl", unit: "deploy.service"), systemd]
            ),
            (
                "a user's service",
                [P(pid: 90, session: 90, program: "deployctl", unit: "deploy.service"), manager, systemd]
            ),
            (
                "a CI runner that is a service",
                [
                    P(pid: 90, session: 50, program: "deployctl", unit: "runner.service"),
                    P(pid: 80, session: 50, program: "bash", unit: "runner.service"),
                    P(pid: 50, session: 50, program: "Runner.Listener", unit: "runner.service"), systemd,
                ]
            ),
            (
                "a CI runner that became a daemon, without systemd",
                [
                    P(pid: 90, session: 50, program: "deployctl"),
                    P(pid: 50, session: 50, program: "gitlab-runner"),
                    tini,
                ]
            ),
            (
                "a container's job",
                [P(pid: 90, session: 1, program: "deployctl"), P(pid: 1, session: 1, program: "sh")]
            ),
            ("a container's only process", [P(pid: 1, session: 1, program: "deployctl")]),
            ("docker exec", [P(pid: 90, session: 90, program: "deployctl")]),
            (
                "below an init that shares its session",
                [P(pid: 90, session: 1, program: "deployctl"), P(pid: 9, session: 1, program: "sh"), tini]
            ),
            (
                "a test that gives it a session of its own",
                [
                    P(pid: 90, session: 90, program: "deployctl"), P(pid: 80, session: 60, program: "xctest"),
                    P(pid: 60, session: 60, program: "make"),
                    P(pid: 50, session: 50, program: "java", age: 99),
                    P(pid: 1, session: 1, program: "tini", age: 100),
                ]
            ),
            (
                "a daemon of root, whatever its name, for somebody else",
                [
                    P(pid: 90, session: 80, program: "deployctl", root: false),
                    P(pid: 80, session: 80, program: "busybox"), tini,
                ]
            ),
            (
                "a program that the user trusts by its path",
                [
                    P(pid: 90, session: 80, program: "deployctl"),
                    P(pid: 80, session: 80, program: "our-ci", installed: false, trusted: true), tini,
                ]
            ),
        ]
        for (name, processes) in cases { XCTAssertFalse(isDetached(processes), name) }
    }

    func testWhatWasLeftBehindIsDetached() {
        let scope = "session-3.scope"
        let cases: [(String, [P])] = [
            ("nothing can be seen", []),
            ("in the background, its parent dead", [P(pid: 90, session: 70, program: "deployctl"), tini]),
            (
                "the same with the person's terminal",
                [P(pid: 90, session: 70, program: "deployctl", terminal: true, unit: scope), systemd]
            ),
            ("a session of its own", [P(pid: 90, session: 90, program: "deployctl"), tini]),
            ("under another name", [P(pid: 90, session: 90, program: "copy"), tini]),
            (
                "a session of its own below systemd",
                [P(pid: 90, session: 90, program: "deployctl", unit: scope, eldest: false), systemd]
            ),
            (
                "the last one of a login that ended",
                [P(pid: 90, session: 90, program: "deployctl", unit: scope), systemd]
            ),
            (
                "a shell that waited until git had ended",
                [
                    P(pid: 90, session: 80, program: "deployctl"), P(pid: 80, session: 80, program: "dash"),
                    tini,
                ]
            ),
            (
                "an interpreter",
                [
                    P(pid: 90, session: 80, program: "deployctl"),
                    P(pid: 80, session: 80, program: "python3.11"), tini,
                ]
            ),
            (
                "a session in a session",
                [
                    P(pid: 90, session: 90, program: "deployctl"), P(pid: 80, session: 80, program: "sh"),
                    tini,
                ]
            ),
            (
                "a session below one that was left behind",
                [
                    P(pid: 90, session: 90, program: "deployctl"), P(pid: 80, session: 70, program: "sh"),
                    tini,
                ]
            ),
            (
                "a terminal that script feigns",
                [
                    P(pid: 90, session: 80, program: "deployctl", terminal: true),
                    P(pid: 80, session: 80, program: "sh", terminal: true),
                    P(pid: 70, session: 70, program: "script"), tini,
                ]
            ),
            (
                "the same in the background of a person's terminal",
                [
                    P(pid: 90, session: 90, program: "deployctl", terminal: true),
                    P(pid: 70, session: 30, program: "expect", terminal: true, unit: scope), systemd,
                ]
            ),
            (
                "a hook of a service that systemd started",
                [
                    P(pid: 90, session: 90, program: "deployctl", unit: "gitea.service", eldest: false),
                    systemd,
                ]
            ),
            (
                "a shell under a name that nobody knows",
                [
                    P(pid: 90, session: 80, program: "deployctl"),
                    P(pid: 80, session: 80, program: "buildagentd", installed: false), tini,
                ]
            ),
            (
                "a shell under the name of a daemon, where anybody could put it",
                [
                    P(pid: 90, session: 80, program: "deployctl"),
                    P(pid: 80, session: 80, program: "cron", age: 10, installed: false),
                    P(pid: 1, session: 1, program: "tini", age: 100),
                ]
            ),
            (
                "the last of a login, under another name",
                [
                    P(pid: 90, session: 80, program: "deployctl", unit: scope),
                    P(pid: 80, session: 80, program: "shopserver", unit: scope, root: false), systemd,
                ]
            ),
            (
                "at",
                [
                    P(pid: 90, session: 70, program: "deployctl"), P(pid: 80, session: 70, program: "sh"),
                    P(pid: 70, session: 70, program: "atd", unit: "atd.service"), systemd,
                ]
            ),
            (
                "left to the user's systemd",
                [
                    P(pid: 90, session: 90, program: "sh", unit: "app-code-7.scope"),
                    P(pid: 40, session: 40, program: "systemd", unit: "init.scope"), systemd,
                ]
            ),
        ]
        for (name, processes) in cases { XCTAssertTrue(isDetached(processes), name) }
    }
}
