import DeployTestSupport
import XCTest

@testable import DeployCore

/// Who waits for another run is told for which, and for how long still.
final class LockWaitTests: XCTestCase {
    func testAWaitingPersonIsToldForWhatAndHowLong() throws {
        let shop = try Shop()
        let lock = EnvironmentLock(shop.machine.workspace())
        let held = try lock.acquire(
            "production", for: "deployctl staging", origin: Sample.origin, waiting: nil
        ) { _ in }
        var said: [String] = []
        XCTAssertThrowsError(
            try lock.acquire(
                "production", for: "deployctl stop", origin: Sample.origin, waiting: .seconds(20)
            ) {
                if case .waiting(let text) = $0 { said.append(text) }
            })
        withExtendedLifetime(held) {}
        XCTAssertEqual(said.count, 2, "\(said)")
        XCTAssertTrue(said[0].hasPrefix("deployctl staging by "), said[0])
        XCTAssertTrue(said[0].hasSuffix(", 20 s left"), said[0])
    }
}
