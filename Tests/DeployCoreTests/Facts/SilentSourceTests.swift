import DeployTestSupport
import XCTest

@testable import DeployCore

/// What could not be asked is not known to be missing.
final class SilentSourceTests: XCTestCase {
    func testAGitThatCannotBeStartedIsNoMissingCommit() throws {
        let shop = try Shop()
        for ending in [CommandResult.Ending.notStarted("git: none"), .timedOut, .signalled(9)] {
            let commands = FakeCommandRunner()
            commands.answer(where: { _ in true }, with: CommandResult(ending))
            var ports = shop.machine.ports()
            ports.commands = commands
            let site = Workspace(ports: ports, project: shop.machine.project).site(shop.environment)
            expectError(.stepFailed, "\(ending)") { _ = try SourceFacts(site).commit("HEAD") }
        }
    }
}
