import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// Services as a tool of the project's own runs them.
struct ToolWorld: RuntimeWorld {
    let machine = RealMachine()
    let context: StepContext
    let runtime: any ServiceRuntime = CommandRuntime()
    let listens = false
    private let world: String

    init(_ folder: String) throws {
        world = "\(folder)/world"
        var environment = Self.environment(.command, [])
        for index in environment.services.indices { environment.services[index].listen = .none }
        environment.runtime.strategy = .ownTool
        environment.runtime.ownTool = .init(
            deploy: ["./tool", "deploy", "{release}"], status: ["./tool", "status"],
            stop: ["./tool", "stop"], timeout: .seconds(3))
        environment.variables = [
            "TOOL_WORLD": world,
            "TOOL_SERVICES":
                "[{\"name\": \"web\", \"state\": \"running\"}, {\"name\": \"worker\", \"state\": \"running\"}]",
        ]
        context = Self.context(machine.ports, project: folder, environment)
        let release = context.layout.release(Self.release)
        try machine.ports.files.makeFolder(release)
        try StandInTool.script.write(toFile: "\(release)/tool", atomically: true, encoding: .utf8)
        try "one".write(toFile: "\(release)/version", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(release)/tool")
    }

    func kill(_ service: RunningService) throws {
        let name = "{\"name\": \"\(service.name)\", \"state\": "
        let text = try String(contentsOfFile: world, encoding: .utf8)
        try text.replacingOccurrences(of: "\(name)\"running\"", with: "\(name)\"stopped\"")
            .write(toFile: world, atomically: true, encoding: .utf8)
    }

    func remains(of instance: String) throws -> [String] {
        [try StandInTool.world(at: world).release].compactMap(\.self)
    }

    func runningData() throws -> [String] { [] }
    func strangersPort() throws -> Int { 9 }
    func interrupt() { machine.interruption.interrupt() }
}

final class RealCommandRuntimeTests: XCTestCase {
    private func contract() throws -> RuntimeContract<ToolWorld> {
        RuntimeContract(world: try ToolWorld(try makeTestFolder()))
    }

    func testServicesAreRecordedInOrderWithTheirAddresses() throws {
        try contract().servicesAreRecordedInOrderWithTheirAddresses()
    }
    func testWhatWasStartedRunsAndIsAlive() throws { try contract().whatWasStartedRunsAndIsAlive() }
    func testWhatSomebodyEndedDoesNotRun() throws { try contract().whatSomebodyEndedDoesNotRun() }
    func testWhatIsAskedToEndEndsAndMayBeAskedAgain() throws {
        try contract().whatIsAskedToEndEndsAndMayBeAskedAgain()
    }
    func testAServiceStartedAgainHasItsAddressAndAnotherLife() throws {
        try contract().aServiceStartedAgainHasItsAddressAndAnotherLife()
    }
    func testAStartCutShortLeavesNothingBehindItsDiscard() throws {
        try contract().aStartCutShortLeavesNothingBehindItsDiscard()
    }
    func testASweepLeavesOtherInstancesAlone() throws { try contract().aSweepLeavesOtherInstancesAlone() }
    func testAForeignListenerIsNoticed() throws { try contract().aForeignListenerIsNoticed() }
    func testAProgramIsRunWhereTheServiceRuns() throws { try contract().aProgramIsRunWhereTheServiceRuns() }
    func testABuiltReleaseIsWholeUntilItIsPruned() throws {
        try contract().aBuiltReleaseIsWholeUntilItIsPruned()
    }
    func testAReleasesCommandsRunAndTheFirstThatFailsIsSaid() throws {
        try contract().aReleasesCommandsRunAndTheFirstThatFailsIsSaid()
    }
    func testWhatOutlivesReleasesIsStartedStoppedAndStartedAgain() throws {
        try contract().whatOutlivesReleasesIsStartedStoppedAndStartedAgain()
    }
    func testWhatRunsAsStartedHasNoDrift() throws { try contract().whatRunsAsStartedHasNoDrift() }
    func testLogsAreCaughtUpOnceHoweverOftenItIsAsked() throws {
        try contract().logsAreCaughtUpOnceHoweverOftenItIsAsked()
    }
    func testEverySecretOfTheDefinitionIsTakenOutOfWhatTheToolSays() throws {
        let world = try ToolWorld(try makeTestFolder())
        var handed = HandedRelease(
            Instance(id: ToolWorld.instance, release: ToolWorld.release, database: nil), in: world.context)
        handed.environment.front.password = .file("password")
        handed.environment.linkedFiles = ["kubeconfig": "kubeconfig"]
        var ports = world.machine.ports
        ports.secrets = FixedSecrets([
            Environment.FrontSecret.password: "pass-of-the-front",
            Environment.linkedFileName("kubeconfig"): "token: tok3n-0f-th3-cluster\n",
        ])
        let said = OwnToolLook(handed, on: ports).scrub("denied: tok3n-0f-th3-cluster, pass-of-the-front")
        XCTAssertEqual(said, "denied: [redacted], [redacted]")
    }

    func testPlacesAreThoseOfWhatRunsApart() throws { try contract().placesAreThoseOfWhatRunsApart() }
}
