import Foundation
import XCTest

@testable import DeployCore

/// What every runtime keeps, law by law.
struct RuntimeContract<World: RuntimeWorld> {
    let world: World

    private var runtime: any ServiceRuntime { world.runtime }
    private var context: StepContext { world.context }
    private var ports: Ports { context.ports }
    private var empty: Instance { Instance(id: World.instance, release: World.release, database: nil) }

    /// The app services, started and recorded as a deployment does it.
    private func start() throws -> [RunningService] {
        if runtime.runsData { _ = try runtime.startData(World.release, applying: true, in: context) }
        var instance = empty
        try ports.files.makeFolder(context.layout.instance(instance.id))
        try runtime.start(context.environment.appServices, of: instance, in: context) {
            service throws(DeployError) in
            instance.services.append(service)
            try context.site.records.write(instance)
        }
        return instance.services
    }

    func servicesAreRecordedInOrderWithTheirAddresses() throws {
        let services = try start()
        XCTAssertEqual(services.map(\.name), ["web", "worker"])
        XCTAssertEqual(services[0].address != nil, world.listens)
        XCTAssertNil(services[1].address, "a worker listens nowhere")
        XCTAssertTrue(services.allSatisfy { runtime.owns($0.body) })
        XCTAssertNotEqual(services[0].body, services[1].body)
    }

    func whatWasStartedRunsAndIsAlive() throws {
        let services = try start()
        XCTAssertEqual(runtime.running(services, on: ports), ["web", "worker"])
        for service in services {
            let life = try XCTUnwrap(runtime.life(of: service, on: ports))
            XCTAssertEqual(runtime.life(of: service, on: ports), life, "one life, however often one looks")
        }
    }

    func whatSomebodyEndedDoesNotRun() throws {
        let services = try start()
        try world.kill(services[0])
        XCTAssertEqual(runtime.running(services, on: ports), ["worker"])
        XCTAssertNil(runtime.life(of: services[0], on: ports))
    }

    func whatIsAskedToEndEndsAndMayBeAskedAgain() throws {
        let services = try start()
        for politely in [true, true, false] { runtime.end(services, politely: politely, on: ports) }
        XCTAssertTrue(eventually { runtime.running(services, on: ports).isEmpty })
    }

    func aServiceStartedAgainHasItsAddressAndAnotherLife() throws {
        let before = try start()[0]
        let life = runtime.life(of: before, on: ports)
        try world.kill(before)
        let after = try runtime.restart(
            context.environment.services[0], of: empty, as: before, in: context)
        XCTAssertEqual(after.address, before.address)
        XCTAssertEqual(runtime.running([after], on: ports), ["web"])
        XCTAssertNotEqual(runtime.life(of: after, on: ports), life)
    }

    func aStartCutShortLeavesNothingBehindItsDiscard() throws {
        let cut = DeployError(.stepFailed, what: "Not recorded", why: "the test says so", next: "none")
        try ports.files.makeFolder(context.layout.instance(World.instance))
        if runtime.runsData { _ = try runtime.startData(World.release, applying: true, in: context) }
        expectError(.stepFailed, "an error of who records") {
            try runtime.start(context.environment.appServices, of: empty, in: context) {
                _ throws(DeployError) in throw cut
            }
        }
        XCTAssertNotEqual(try world.remains(of: World.instance), [])
        for _ in 1...2 {
            XCTAssertTrue(eventually { (try? runtime.sweep(World.instance, in: context)) == true })
            try InstanceStopper(context: context).discard(World.instance)
        }
        XCTAssertEqual(try world.remains(of: World.instance), [])
    }

    func aSweepLeavesOtherInstancesAlone() throws {
        let services = try start()
        _ = try runtime.sweep("\(Sample.timestamp(9))", in: context)
        XCTAssertEqual(runtime.running(services, on: ports), ["web", "worker"])
    }

    func aForeignListenerIsNoticed() throws {
        let web = try start()[0]
        guard world.listens else { return XCTAssertNil(web.address) }
        guard case .port(let port) = web.address else { return XCTFail("web listens on a port") }
        XCTAssertNil(runtime.stranger(onPort: port, insteadOf: web, on: ports))
        XCTAssertNotNil(runtime.stranger(onPort: try world.strangersPort(), insteadOf: web, on: ports))
    }

    func aProgramIsRunWhereTheServiceRuns() throws {
        let web = try start()[0]
        let request = try runtime.console(
            Command("true"), in: web, of: empty, on: ports, onTerminal: false, context: { context })
        XCTAssertTrue(try XCTUnwrap(request).command.vector.contains("true"))
        XCTAssertTrue(ports.commands.run(try XCTUnwrap(request)).succeeded)
    }

    func aBuiltReleaseIsWholeUntilItIsPruned() throws {
        try runtime.check(World.release, in: context)
        for _ in 1...2 { try runtime.prune(World.release, of: context.site) }
    }

    func aReleasesCommandsRunAndTheFirstThatFailsIsSaid() throws {
        func run(_ programs: String...) throws {
            try runtime.run(
                programs.map { Command($0) }, for: World.release, on: nil, within: .seconds(30),
                because: "It broke", in: context)
        }
        if runtime.runsData { _ = try runtime.startData(World.release, applying: true, in: context) }
        try run("true", "true")
        XCTAssertThrowsError(try run("true", "false")) {
            XCTAssertEqual(($0 as? DeployError)?.what, "It broke")
        }
        for _ in 1...2 { try runtime.endCommands(in: context) }
        world.interrupt()
        expectError(.interrupted, "a command that ended because the run was asked to stop") {
            try run("false")
        }
    }

    func whatOutlivesReleasesIsStartedStoppedAndStartedAgain() throws {
        let known = runtime.runsData ? ["keeper"] : []
        for applying in [true, true, false] {
            _ = try runtime.startData(World.release, applying: applying, in: context)
            XCTAssertEqual(try world.runningData(), known)
        }
        _ = try runtime.stopData(in: context)
        XCTAssertEqual(try world.runningData(), [])
        try runtime.resumeData(in: context)
        XCTAssertEqual(try world.runningData(), known)
        for _ in 1...2 { try runtime.undoStartData(in: context) }
        XCTAssertEqual(try world.runningData(), known, "what ran for the first time stays")
        let keeper = context.environment.services[2]
        let program = try runtime.console(
            Command("true"), inData: keeper, of: context.site, onTerminal: false)
        XCTAssertEqual(program != nil, runtime.runsData)
    }

    func whatRunsAsStartedHasNoDrift() throws {
        _ = try start()
        let serving = Serving(instance: World.instance, release: World.release, database: nil)
        XCTAssertEqual(runtime.drift(of: context.site, serving: serving), [])
    }

    func logsAreCaughtUpOnceHoweverOftenItIsAsked() throws {
        _ = try start()
        let marker = context.layout.instance(World.instance)
        let before = ports.processes.members(ofInstance: marker).count
        for _ in 1...2 { runtime.catchUpLogs(of: context.site) }
        XCTAssertEqual(ports.processes.members(ofInstance: marker).count, before)
    }

    func placesAreThoseOfWhatRunsApart() throws {
        XCTAssertEqual(try runtime.places(of: context.site), [])
        _ = try start()
        let places = try runtime.places(of: context.site)
        XCTAssertEqual(places.filter { !$0.isData }.count, runtime.isolates ? 2 : 0)
        for place in places {
            let request = CommandRequest(runtime.command(Command("true"), inside: place))
            XCTAssertTrue(ports.commands.run(request).succeeded)
        }
    }
}
