import Foundation
import XCTest

@testable import DeployCore

/// What is too old to be kept is not decided by a clock that has only just jumped.
final class BelievedTimeTests: XCTestCase {
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let day = 86_400.0

    func testAClockThatGoesOnIsBelieved() {
        let daily = (0..<30).map { noon + Double($0) * day }
        XCTAssertEqual(BelievedTime.now(noon + 30 * day, after: daily), noon + 30 * day)
        XCTAssertEqual(BelievedTime.now(noon, after: []), noon)
    }

    func testAfterALongSilenceItIsADayLaterUntilADayHasPassed() {
        let jumped = noon + 400 * day
        XCTAssertEqual(BelievedTime.now(jumped, after: [noon - day, noon]), noon + day)
        XCTAssertEqual(BelievedTime.now(jumped + 60, after: [noon, jumped, jumped + 30]), noon + day)
        let later = jumped + 1.5 * day
        XCTAssertEqual(BelievedTime.now(later, after: [noon, jumped, jumped + day]), later)
    }

    func testWhatHappenedWhileTheClockWasAheadCountsForNothingAfterwards() {
        XCTAssertEqual(BelievedTime.now(noon + day, after: [noon, noon + 400 * day]), noon + day)
    }
}
