import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// Removing a release from a swarm.
final class StackSweepTests: XCTestCase {
    private let runner = FakeCommandRunner()

    private func stack() -> StackInstances {
        var ports = SimulatedMachine().ports()
        ports.commands = runner
        let environment = ComposeFixture.environment { $0.runtime.kind = .swarm }
        return StackInstances(context: ContainerWorld.context(ports, project: "/p", environment))
    }

    private func add(_ words: [String], _ result: CommandResult) {
        runner.answer(where: { Array($0.command.arguments.prefix(words.count)) == words }, with: result)
    }

    private var removals: Int { runner.ran.count { $0.arguments.prefix(2) == ["stack", "rm"] } }

    func testWhereNoManagerAnswersItEndsAtOnce() {
        let silent = CommandResult(.exited(1), errors: "Cannot connect to the Docker daemon")
        add(["stack", "rm"], silent)
        add(["service", "ls"], silent)
        expectError(.stepFailed, "nobody answers") { _ = try self.stack().sweep("20261121021530") }
        XCTAssertEqual(removals, 1)
    }

    /// A step may start what its plan prints, and nothing else.
    func testHoweverManyServicesAReleaseHasTheyMayBeAskedToEnd() {
        let layout = Layout(project: "/p", environment: ComposeFixture.environment())
        let calls = SwarmRuntime().programs(for: .end, in: layout)
        for ids in [["a"], ["a", "b"], ["a", "b", "c"]] {
            for command in [SwarmCommands.rest(ids), SwarmCommands.remove(ids)] {
                XCTAssertTrue(calls.contains { $0.fits(command) }, "\(command)")
            }
        }
    }

    func testItIsAskedForOnceAndWaitedForUntilNoCopyIsLeft() throws {
        let copy =
            #"{"ID":"1","Name":"shop-staging_web.1","Image":"i","Node":"b","DesiredState":"Remove","CurrentState":"Running 2 seconds ago","Error":""}"#
        add(["stack", "rm"], CommandResult(.exited(0)))
        add(["service", "ls"], CommandResult(.exited(0)))
        add(
            ["node", "ls"],
            CommandResult(
                .exited(0), output: #"{"ID":"n","Hostname":"b","Status":"Ready","ManagerStatus":"Leader"}"#))
        runner.answer(
            where: { $0.command.arguments.prefix(2) == ["node", "ps"] },
            with: CommandResult(.exited(0), output: copy), CommandResult(.exited(0), output: copy),
            CommandResult(.exited(0)))
        XCTAssertTrue(try stack().sweep("20261121021530"))
        XCTAssertEqual(removals, 1)
        XCTAssertEqual(runner.ran.count { $0.arguments.prefix(2) == ["node", "ps"] }, 3)
    }
}
