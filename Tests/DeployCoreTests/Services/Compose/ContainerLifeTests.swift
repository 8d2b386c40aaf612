import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// How the engine says that a container ended, how often, and what its own health check says.
final class ContainerLifeTests: XCTestCase {
    private let now = UTC.date(rfc3339: "2026-11-27T10:00:00Z") ?? .distantPast

    private func state(
        _ status: String = "running", exit: Int = 1, oom: Bool = false, restarts: Int = 0,
        started: String = "2026-11-27T09:59:58.123456789Z"
    ) -> ContainerState {
        ContainerState(
            id: "c", labels: [ContainerLabels.service: "web"], status: status, startedAt: started,
            finishedAt: "2026-11-27T09:59:55.5Z", exitCode: exit, restarts: restarts, image: "i",
            outOfMemory: oom)
    }

    private func care(_ state: ContainerState) -> ServiceCare? { state.care(state.ending, at: now) }

    func testWhatEndsAgainAndAgainIsALoopWithItsCountAndItsCause() throws {
        let loop = try XCTUnwrap(care(state("restarting", restarts: 7)))
        XCTAssertTrue(loop.isLooping(at: now))
        XCTAssertEqual(loop.sentence(at: now), "ended 7 times, last just now with exit status 1")
        XCTAssertEqual(care(state(restarts: 7))?.isLooping(at: now), true, "started a moment ago")
    }

    func testWhatEndedSometimesOrLivesForLongIsNone() {
        XCTAssertNil(care(state()))
        XCTAssertEqual(care(state("restarting", restarts: 3))?.isLooping(at: now), false)
        let old = state(restarts: 7, started: "2026-11-27T09:00:00Z")
        XCTAssertEqual(care(old)?.isLooping(at: now), false)
    }

    func testAnEndForLackOfMemoryIsNamed() throws {
        let care = try XCTUnwrap(care(state("restarting", exit: 137, oom: true, restarts: 1)))
        XCTAssertTrue(care.sentence(at: now).contains("for lack of memory"), care.sentence(at: now))
        XCTAssertEqual(ContainerState.lastEnding(in: "die 1\noom \ndie 137\n"), .memory)
        XCTAssertEqual(ContainerState.lastEnding(in: "oom \ndie 137\ndie 1\n"), .status(1))
        XCTAssertNil(state(exit: 0).ending, "while it runs the engine's exit code says nothing")
        XCTAssertEqual(state("exited", exit: 137).ending, .signal(9))
        XCTAssertEqual(state("exited", exit: 255).ending, .status(255))
    }

    func testWhatTheKernelKilledIsNamedWhereTheEngineMissedIt() {
        let machine = SimulatedMachine()
        let killed = state("exited", exit: 137)
        XCTAssertEqual(machine.ports().ending(of: killed), .signal(9))
        machine.groups.lackMemory(in: "c")
        XCTAssertEqual(machine.ports().ending(of: killed), .memory)
        XCTAssertEqual(machine.ports().ending(of: state("exited", exit: 3)), .status(3), "another end")
    }

    func testAHealthCheckIsQuoted() {
        var sick = state()
        (sick.health, sick.checks) = ("unhealthy", [.init(Output: "well\n"), .init(Output: "no queue\n")])
        XCTAssertEqual(sick.sickness, "its own health check says unhealthy: no queue")
        sick.health = "healthy"
        XCTAssertNil(sick.sickness)
    }

    func testAGoodAnswerDoesNotOutweighAHealthCheckThatSaysUnhealthy() throws {
        XCTAssertThrowsError(try health("unhealthy")) {
            XCTAssertTrue(
                "\(($0 as? DeployError)?.why ?? "")".contains("its own health check says unhealthy"))
        }
        for word in ["healthy", "starting"] { XCTAssertNoThrow(try health(word), word) }
    }

    private func health(_ word: String) throws {
        var environment = ContainerWorld.environment(.compose, [])
        environment.services[0].health = .init(path: "/health", timeout: .seconds(1))
        let machine = SimulatedMachine()
        let commands = FakeCommandRunner()
        let inspected =
            #"{"id":"c","labels":{},"status":"running","startedAt":"","exitCode":0,"health":"\#(word)","#
            + #""restarts":0,"image":"i","ports":{"1/tcp":[{"HostIp":"127.0.0.1","HostPort":"8000"}]}}"#
        commands.answer(
            where: { $0.command.program == "docker" }, with: CommandResult(.exited(0), output: inspected))
        commands.answer(
            where: { $0.command.program == "curl" },
            with: CommandResult(.exited(0), output: "HTTP/1.1 200 OK\r\n\r\n"))
        var ports = machine.ports()
        ports.commands = commands
        let context = ContainerWorld.context(ports, project: machine.project, environment)
        var instance = Instance(id: "i", release: ContainerWorld.release, database: nil)
        instance.services = [
            RunningService(
                name: "web", body: .container("c"), address: .port(8000), since: machine.clock.now())
        ]
        try machine.files.makeFolder(context.layout.instance("i"))
        try context.site.records.write(instance)
        try HealthCheck(context: context).wait(for: "i", stoppable: true)
    }
}
