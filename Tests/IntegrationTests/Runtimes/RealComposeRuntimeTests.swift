import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// Services as containers of the engine of this machine.
struct RealContainerWorld: RuntimeWorld {
    let machine = RealMachine()
    let context: StepContext
    let runtime: any ServiceRuntime = ComposeRuntime()

    private static let file = """
        services:
          web: {image: busybox, init: true, command: [sleep, "1000"], expose: ["8000"]}
          worker: {image: busybox, init: true, command: [sleep, "1000"]}
          keeper: {image: busybox, init: true, command: [sleep, "1000"]}
        """

    init(_ folder: String) throws {
        let project = "dct\(UInt32.random(in: 100_000...999_999))"
        context = Self.context(
            machine.ports, project: folder, Self.environment(.compose, project: project, []))
        let release = context.layout.release(Self.release)
        try machine.ports.files.makeFolder(release)
        try machine.ports.files.publish(Data(Self.file.utf8), to: "\(release)/compose.yml")
        try runtime.build(Self.release, in: release, context)
    }

    func kill(_ service: RunningService) throws { try docker("rm", "--force", service.body.container ?? "") }

    func remains(of instance: String) throws -> [String] {
        try ids([ContainerLabels.instance: instance])
            + machine.ports.processes.members(ofInstance: context.layout.instance(instance)).map {
                "\($0.pid)"
            }
    }

    func runningData() throws -> [String] {
        try machine.ports.engine.containers(labels([ContainerLabels.role: Service.Role.data.rawValue]))
            .filter(\.isRunning).map(\.service)
    }

    func strangersPort() throws -> Int { 9 }

    func interrupt() { machine.interruption.interrupt() }

    func remove() {
        // The test's own machine may have been asked to stop.
        XCTAssertEqual(try RealMachine().ports.engine.sweep(labels()), true)
        machine.end(machine.ports.processes.members(ofInstance: context.layout.instance(Self.instance)))
    }

    private func labels(_ more: [String: String] = [:]) -> [String: String] {
        ContainerLabels.of(context.environment).merging(more) { $1 }
    }

    private func ids(_ more: [String: String]) throws -> [String] {
        try machine.ports.engine.ids(labels(more))
    }

    private func docker(_ words: String...) throws {
        try context.run(CommandRequest(Command("docker", words)), because: "The test's own command failed")
    }
}

final class RealComposeRuntimeTests: XCTestCase {
    private func contract() throws -> RuntimeContract<RealContainerWorld> {
        try ContainerEngine.require("python:3.11", "busybox")
        let world = try RealContainerWorld(try makeTestFolder())
        addTeardownBlock { world.remove() }
        return RuntimeContract(world: world)
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
    func testPlacesAreThoseOfWhatRunsApart() throws { try contract().placesAreThoseOfWhatRunsApart() }
}
