import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// Services on three machines of a swarm; `web` stays on the manager, where its copy can be entered.
struct RealSwarmWorld: RuntimeWorld {
    let machine = RealMachine()
    let swarm: ThrowawaySwarm
    let context: StepContext
    let runtime: any ServiceRuntime = SwarmRuntime()

    private static let file = """
        services:
          web:
            image: busybox
            init: true
            command: [sleep, "1000"]
            expose: ["8000"]
            stop_grace_period: 1s
            deploy: {placement: {constraints: [node.role == manager]}}
          worker:
            image: busybox
            init: true
            command: [sleep, "1000"]
            stop_grace_period: 1s
            deploy: {replicas: 2, placement: {constraints: [node.role == worker]}}
          keeper: {image: busybox, init: true, command: [sleep, "1000"], stop_grace_period: 1s}
        """

    init(_ folder: String, on swarm: ThrowawaySwarm, registry: String) throws {
        self.swarm = swarm
        let project = "dct\(UInt32.random(in: 100_000...999_999))"
        var environment = Self.environment(.swarm, project: project, [])
        environment.runtime.file = "compose.yml"
        environment.runtime.registry = registry
        context = Self.context(machine.ports, project: folder, environment)
        let release = context.layout.release(Self.release)
        try machine.ports.files.makeFolder(release)
        try machine.ports.files.publish(Data(Self.file.utf8), to: "\(release)/compose.yml")
        try runtime.build(Self.release, in: release, context)
    }

    func kill(_ service: RunningService) throws {
        _ = try swarm.docker(1, "service", "rm", service.body.swarm ?? "")
    }

    func remains(of instance: String) throws -> [String] {
        let filter = "label=\(ContainerLabels.instance)=\(instance)"
        let project = "label=\(ContainerLabels.project)=\(context.environment.project)"
        return try (1...3).flatMap { engine in
            try words(swarm.docker(engine, "ps", "--quiet", "--filter", filter, "--filter", project))
        } + words(swarm.docker(1, "service", "ls", "--quiet", "--filter", filter, "--filter", project))
            + machine.ports.processes.members(ofInstance: context.layout.instance(instance)).map {
                "\($0.pid)"
            }
    }

    private func words(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    func runningData() throws -> [String] {
        try machine.ports.engine.containers(DataServices.labels(in: context.environment))
            .filter(\.isRunning).map(\.service)
    }

    func strangersPort() throws -> Int { 9 }
    func interrupt() { machine.interruption.interrupt() }

    /// What tests of the same project hold on the swarm; the images stay in the registry of the test.
    func remove() {
        // The test's own machine may have been asked to stop.
        let fresh = Self.context(RealMachine().ports, project: context.layout.project, context.environment)
        for instance in [Self.instance, "\(Sample.timestamp(9))"] {
            XCTAssertEqual(try runtime.sweep(instance, in: fresh), true)
        }
        // A network of all machines is free a moment after the last copy on any of them has ended.
        XCTAssertTrue(
            eventually(within: 120) {
                (try? fresh.ports.engine.sweep(ContainerLabels.of(context.environment))) == true
            })
        machine.end(machine.ports.processes.members(ofInstance: context.layout.instance(Self.instance)))
    }
}

final class RealSwarmRuntimeTests: XCTestCase {
    private var engine: String?

    override class func tearDown() { ThrowawaySwarm.remove() }

    override func setUp() { engine = ProcessInfo.processInfo.environment["DOCKER_HOST"] }

    override func tearDown() {
        if let engine { setenv("DOCKER_HOST", engine, 1) } else { unsetenv("DOCKER_HOST") }
    }

    private func world() throws -> RealSwarmWorld {
        let swarm = try ThrowawaySwarm()
        setenv("DOCKER_HOST", swarm.engines[0], 1)
        let registry = ProcessInfo.processInfo.environment["TB_REGISTRY"] ?? "127.0.0.1:15000"
        let world = try RealSwarmWorld(try makeTestFolder(), on: swarm, registry: registry)
        addTeardownBlock { world.remove() }
        return world
    }

    private func contract() throws -> RuntimeContract<RealSwarmWorld> { RuntimeContract(world: try world()) }

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
