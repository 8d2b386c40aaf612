import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A signal reaches the programs of a step as well; what they say then is not why the run ended, and the journal keeps it.
final class InterruptedStepTests: XCTestCase {
    /// The new release does not start; `isAsked`: while the run is asked to stop.
    private func failure(isAsked: Bool) throws -> DeployError {
        let shop = try Shop { $0.migrations = nil }
        let machine = shop.machine
        let draft = try shop.promotion(of: 30)
        machine.processes.breakProgram("bin/web")
        machine.processes.hear { _ in if isAsked { machine.interruption.interrupt(.hungUp) } }
        let error = try XCTUnwrap(shop.failure(draft, named: 200))
        XCTAssertEqual(
            machine.files.linkTarget(shop.layout.currentRelease), "releases/20260101000020")
        let notes = try machine.state.steps(of: Sample.timestamp(200)).map(\.note)
        XCTAssertTrue(notes.contains { $0.contains("bin/web cannot be started") }, "\(notes)")
        return error
    }

    func testTheSignalIsWhyTheRunEnded() throws {
        let error = try failure(isAsked: true)
        XCTAssertEqual(error.code, .hungUp, "\(error)")
    }

    func testAFailureOfItsOwnIsSaid() throws {
        let error = try failure(isAsked: false)
        XCTAssertEqual(error.code, .stepFailed, "\(error)")
    }
}
