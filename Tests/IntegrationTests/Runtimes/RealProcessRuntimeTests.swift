import Foundation
import Glibc
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// Services as processes of this very machine.
struct RealProcessWorld: RuntimeWorld {
    let machine = RealMachine()
    let context: StepContext
    let runtime: any ServiceRuntime = ProcessRuntime()

    init(_ folder: String) throws {
        context = Self.context(
            machine.ports, project: folder, Self.environment(.process, ["sleep", "1000"]))
        try machine.ports.files.makeFolder(context.layout.release(Self.release))
    }

    func kill(_ service: RunningService) throws { machine.end([service.body.process].compactMap(\.self)) }

    func remains(of instance: String) throws -> [String] { members(of: instance).map { "\($0.pid)" } }

    func runningData() throws -> [String] { [] }

    /// Nobody of this machine asks the test whether its port is free.
    func strangersPort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        (address.sin_family, address.sin_addr.s_addr) = (sa_family_t(AF_INET), UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Bool in
                bind(socket, address, length) == 0 && listen(socket, 1) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        guard port else { throw POSIXError(.EADDRINUSE) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    func interrupt() { machine.interruption.interrupt() }

    func remove() { machine.end(members(of: Self.instance)) }

    private func members(of instance: String) -> [ProcessIdentity] {
        machine.ports.processes.members(ofInstance: context.layout.instance(instance))
    }
}

final class RealProcessRuntimeTests: XCTestCase {
    private func contract() throws -> RuntimeContract<RealProcessWorld> {
        let world = try RealProcessWorld(try makeTestFolder())
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
