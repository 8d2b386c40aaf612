import DeployTestSupport
import Foundation
import Synchronization
import XCTest

@testable import DeployCore

/// The machine's own log gets each line at least once, and no line of before it was asked for.
final class LogForwardingTests: XCTestCase {
    /// A journal that can refuse.
    private final class Journal: CommandRunner {
        private struct State {
            var taken: [(tag: String, line: String)] = []
            var ending = CommandResult.Ending.exited(0)
            var errors = ""
            var missing: Set<String> = []
        }

        private let state = Mutex(State())

        func run(_ request: CommandRequest) -> CommandResult {
            state.withLock { state in
                guard state.ending == .exited(0) else { return CommandResult(state.ending) }
                let tag = request.command.arguments.first ?? ""
                let text = String(decoding: request.input ?? Data(), as: UTF8.self)
                state.taken += text.split(separator: "\n").map { (tag, String($0)) }
                return CommandResult(.exited(0), errors: state.errors)
            }
        }

        func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }
        func has(_ program: String) -> Bool { state.withLock { !$0.missing.contains(program) } }
        func end(_ ending: CommandResult.Ending) { state.withLock { $0.ending = ending } }
        func complain(_ errors: String) { state.withLock { $0.errors = errors } }
        func lose(_ program: String) { state.withLock { _ = $0.missing.insert(program) } }

        func lines(of log: String) -> [String] {
            state.withLock { state in
                state.taken.filter { $0.tag.hasSuffix("=shop-production-\(log)") }.map(\.line)
            }
        }
    }

    private let machine = SimulatedMachine()
    private let journal = Journal()
    private let pace = LogForwarding.Pace()

    override func setUpWithError() throws { try machine.files.makeFolder(site().layout.root) }

    private func site(to target: Environment.LogRules.Target? = .journal) -> Site {
        var environment = PlanFixture.environment("production")
        environment.logRules.to = target
        var ports = machine.ports()
        ports.commands = journal
        return Workspace(ports: ports, project: machine.project).site(environment)
    }

    private func forward(to target: Environment.LogRules.Target? = .journal) throws -> [String] {
        try LogForwarding(site: site(to: target), pace: pace).turn()
    }

    private func log(_ name: String) -> String { "\(site().layout.logs)/\(name)" }

    private func write(_ text: String, to name: String = "web.log") throws {
        let before = try machine.files.read(log(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        machine.files.write(before + text, to: log(name))
    }

    func testEachLineIsHandedOnOnceFromWhenItWasAskedFor() throws {
        try write("of before\n")
        XCTAssertEqual(try forward(), [])
        try write("one\ntwo\nhal")
        try write("{}\n", to: "access.jsonl")
        machine.files.write("run\n", to: "\(site().layout.toolLogs)/20261127214005.jsonl")
        XCTAssertEqual(try forward(), [])
        try write("f\n\u{0}\n")
        XCTAssertEqual(try forward(), [])
        XCTAssertEqual(try forward(), [])
        XCTAssertEqual(journal.lines(of: "web"), ["one", "two", "half", " "])
        XCTAssertEqual(journal.lines(of: "access"), ["{}"])
        XCTAssertEqual(journal.lines(of: "deployctl"), ["run"])
    }

    func testWhatWasNotTakenIsHandedOnAgain() throws {
        _ = try forward()
        try write("one\n")
        journal.end(.exited(1))
        expectError(.stepFailed, "nobody took it") { _ = try forward() }
        try write("two\n")
        journal.end(.exited(0))
        XCTAssertEqual(try forward(), [])
        XCTAssertEqual(journal.lines(of: "web"), ["one", "two"])
    }

    func testWhatTheProgramComplainsOfWasNotTaken() throws {
        _ = try forward()
        try write("one\n")
        journal.complain("logger: send message failed: Connection refused\n")
        expectError(.stepFailed, "it says so and exits with 0") { _ = try forward() }
        journal.complain("")
        _ = try forward()
        XCTAssertEqual(journal.lines(of: "web"), ["one", "one"])
    }

    func testAJournalThatIsSlowGetsLessAtOnce() throws {
        _ = try forward()
        try write(String(repeating: String(repeating: "x", count: 4000) + "\n", count: 60))
        journal.end(.timedOut)
        for _ in 0..<9 { expectError(.stepFailed, "too slow") { _ = try forward() } }
        journal.end(.exited(0))
        var counts: [Int] = []
        for _ in 0..<6 {
            _ = try forward()
            counts.append(journal.lines(of: "web").count)
        }
        XCTAssertEqual(counts, [2, 6, 14, 30, 60, 60])
    }

    func testNoMoreIsHandedOnThanTheJournalTakes() throws {
        _ = try forward()
        try write((0..<400).map { "line \($0)\n" }.joined())
        try write("{}\n", to: "access.jsonl")
        var counts: [Int] = []
        for _ in 0..<5 {
            _ = try forward()
            counts.append(journal.lines(of: "web").count)
        }
        XCTAssertEqual(counts, [75, 225, 375, 400, 400])
        XCTAssertEqual(journal.lines(of: "access"), ["{}"])
    }

    func testLinesThatAreGoneAreSaid() throws {
        _ = try forward()
        try write("one\ntwo\n")
        _ = try forward()
        machine.files.write("1\n", to: log("web.log"))
        XCTAssertEqual(try forward(), [log("web.log")])
        XCTAssertEqual(try forward(), [])
        XCTAssertEqual(journal.lines(of: "web"), ["one", "two", "1"])
    }

    func testAnotherTargetBeginsWithWhatIsWrittenFromThenOn() throws {
        _ = try forward()
        try write("one\n")
        _ = try forward(to: nil)
        try write("two\n")
        _ = try forward(to: .syslog)
        try write("three\n")
        _ = try forward(to: .syslog)
        XCTAssertEqual(journal.lines(of: "web"), ["three"])
    }

    func testTheDoctorSaysWhoTakesThem() throws {
        XCTAssertNil(LogTargetCheck(site: site(to: nil)).finding)
        func verdict() -> Verdict? { LogTargetCheck(site: site()).finding?.verdict }
        XCTAssertEqual(
            verdict(),
            .refused(
                "nobody takes lines for the journal: there is no /run/systemd/journal/dev-log",
                next: "systemctl start systemd-journald"))
        machine.files.write("", to: "/run/systemd/journal/dev-log")
        XCTAssertEqual(
            verdict(),
            .warned(
                "the keeper hands lines on to the journal, and nobody keeps this project",
                next: "deployctl boot install"))
        let keeper = try machine.files.lock(Layout.keeper(machine.project))
        XCTAssertEqual(
            verdict(), .passed("handed on to the journal: journalctl -t shop-production-web"))
        withExtendedLifetime(keeper) {}
        journal.lose("logger")
        XCTAssertEqual(
            verdict(),
            .refused(
                "logger is missing, needed to hand lines on to the journal",
                next: "apt-get install bsdutils"))
    }
}
