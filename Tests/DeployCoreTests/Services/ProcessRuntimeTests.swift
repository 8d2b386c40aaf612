import XCTest

@testable import DeployTestSupport

final class ProcessRuntimeTests: XCTestCase {
    private func contract() throws -> RuntimeContract<ProcessWorld> { RuntimeContract(world: ProcessWorld()) }

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
