import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Whoever waits for a command waits for other machines no longer than it says.
final class NoticeOfficeTests: XCTestCase {
    /// Every program takes six seconds, or as long as it may.
    private final class SlowPrograms: CommandRunner, @unchecked Sendable {
        let clock: FakeClock
        private(set) var deadlines: [Duration] = []

        init(_ clock: FakeClock) { self.clock = clock }

        func has(_ program: String) -> Bool { true }
        func runTogether(_ requests: [CommandRequest]) -> [CommandResult] {
            deadlines += requests.map(\.deadline)
            let longest = requests.map(\.deadline).max() ?? .zero
            clock.move(by: min(.seconds(6), longest))
            return requests.map { CommandResult($0.deadline < .seconds(6) ? .timedOut : .exited(0)) }
        }
        func run(_ request: CommandRequest) -> CommandResult { runTogether([request])[0] }
    }

    private func workspace(_ machine: SimulatedMachine, running programs: any CommandRunner) -> Workspace {
        var ports = machine.ports()
        ports.commands = programs
        return Workspace(ports: ports, project: machine.project)
    }

    private func route(_ name: String, on: [String]) -> Environment.Route {
        Environment.Route(name: name, target: .command(["tell", name]), on: on)
    }

    func testSendingEndsWhenItHasToWhateverTakesLonger() throws {
        let shop = try Shop {
            $0.promotion = nil
            $0.routes = [self.route("all", on: ["P0", "P1", "P2"])]
        }
        let (machine, now) = (shop.machine, shop.machine.clock.now())
        for number in 0..<4 {
            try machine.state.record(Event(.refused, in: "production", on: "\(number)", at: now))
        }
        let slow = SlowPrograms(machine.clock)
        let workspace = workspace(machine, running: slow)
        let office = NoticeOffice(workspace, definitions: machine.deployer().definitions)
        XCTAssertEqual(try office.work(within: .seconds(10)), 1)
        XCTAssertEqual(slow.deadlines, [.seconds(10), .seconds(4)])
        XCTAssertEqual(machine.clock.now(), now + 10)
        let waiting = try machine.state.deliveries(of: nil, limit: 9).filter { $0.state == .waiting }
        XCTAssertEqual(waiting.map(\.attempts), [0, 0, 1])
    }

    private func machineWithAHook() throws -> SimulatedMachine {
        let shop = try Shop {
            $0.promotion = nil
            $0.routes = [
                Environment.Route(
                    name: "hook",
                    target: .webhook(.init(url: .environment("A"), form: .json, token: nil, chat: nil)),
                    on: ["P2"])
            ]
        }
        let machine = shop.machine
        machine.secrets = FixedSecrets(["the address of hook": "http://hook.example"])
        return machine
    }

    func testAMessageThatIsRefusedForGoodHoldsNobodyBackForLong() throws {
        let machine = try machineWithAHook()
        let sink = FakeCommandRunner()
        sink.answer(
            where: { _ in true }, with: CommandResult(.exited(0), output: "HTTP/1.1 200 OK\r\n\r\n\n200 0.1"))
        sink.answer(
            where: { String(decoding: $0.input ?? Data(), as: UTF8.self).contains(#"\"subject\":\"bad\""#) },
            with: CommandResult(.exited(0), output: "HTTP/1.1 410 Gone\r\n\r\n\n410 0.1"))
        let workspace = workspace(machine, running: sink)
        for subject in ["bad", "good"] {
            try machine.state.record(
                Event(.refused, in: "production", on: subject, at: machine.clock.now()))
        }
        for _ in 0..<3 {
            let office = NoticeOffice(workspace, definitions: machine.deployer().definitions)
            try office.work(within: .seconds(10))
            machine.clock.move(by: .seconds(30))
        }
        XCTAssertEqual(try machine.state.deliveries(of: nil, limit: 9).map(\.state), [.sent, .dead])
        XCTAssertEqual(try machine.state.deliveries(of: nil, limit: 9).map(\.attempts), [1, 3])
    }

    func testAnAddressThatAsksForTimeGetsItUpToAnHour() throws {
        for (asked, pause) in [("120", 120.0), ("1", 5), ("80000", 3600)] {
            let machine = try machineWithAHook()
            let sink = FakeCommandRunner()
            sink.answer(
                where: { _ in true },
                with: CommandResult(
                    .exited(0), output: "HTTP/1.1 429 X\r\nRetry-After: \(asked)\r\n\r\n\n429 0.1"))
            let now = machine.clock.now()
            try machine.state.record(Event(.refused, in: "production", on: "one", at: now))
            let workspace = workspace(machine, running: sink)
            try NoticeOffice(workspace, definitions: machine.deployer().definitions).work(
                within: .seconds(10))
            let waiting = try machine.state.deliveries(of: nil, limit: 9)
            XCTAssertEqual(waiting.map { $0.nextAt.timeIntervalSince(now) }, [pause], asked)
        }
    }

    func testAnIncidentIsNotOpenedByARunThatSucceeded() throws {
        let shop = try Shop {
            $0.promotion = nil
            var pager = self.route("pager", on: ["P0", "P1", "P2"])
            pager.target = .webhook(
                .init(url: .environment("A"), form: .pagerduty, token: .environment("B"), chat: nil))
            $0.routes = [pager, self.route("all", on: ["P0", "P1", "P2"])]
        }
        let machine = shop.machine
        for kind in [Event.Kind.started, .succeeded, .failed] {
            try machine.state.record(Event(kind, in: "production", on: "", at: machine.clock.now()))
        }
        let programs = FakeCommandRunner()
        programs.answer(where: { _ in true }, with: CommandResult(.exited(0)))
        let workspace = workspace(machine, running: programs)
        try NoticeOffice(workspace, definitions: machine.deployer().definitions).work(within: .seconds(10))
        let told = try machine.state.deliveries(of: nil, limit: 9).map { "\($0.route) \($0.event.kind)" }
        XCTAssertEqual(Set(told), ["all started", "all succeeded", "all failed", "pager failed"])
    }

    func testThatItIsOverIsToldToWhoeverWasToldOfAnyOfItInTheSameRound() throws {
        let shop = try Shop {
            $0.promotion = nil
            $0.routes = [self.route("first", on: ["drift"]), self.route("other", on: ["unhealthy"])]
        }
        let (machine, now) = (shop.machine, shop.machine.clock.now())
        let drift = Event(.drift, in: "production", on: "", at: now)
        try machine.state.settle([drift], of: [.drift], in: "production", at: now)
        try machine.state.settle([], of: [.drift], in: "production", at: now + 1)
        let programs = FakeCommandRunner()
        programs.answer(where: { _ in true }, with: CommandResult(.exited(0)))
        let workspace = workspace(machine, running: programs)
        try NoticeOffice(workspace, definitions: machine.deployer().definitions).work(within: .seconds(10))
        let told = try machine.state.deliveries(of: nil, limit: 9).map { "\($0.route) \($0.event.kind)" }
        XCTAssertEqual(told, ["first recovered", "first drift"])
    }
}
