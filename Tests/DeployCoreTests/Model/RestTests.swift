import Foundation
import XCTest

@testable import DeployCore

/// A clock that is set back keeps nobody waiting.
final class RestTests: XCTestCase {
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    func testARestIsOverAfterItsTimeOrWhenTheClockWasSetBack() {
        var rest = Rest()
        XCTAssertTrue(rest.isOver(at: noon))
        rest.begin(60, at: noon)
        XCTAssertFalse(rest.isOver(at: noon))
        XCTAssertFalse(rest.isOver(at: noon + 59))
        XCTAssertTrue(rest.isOver(at: noon + 60))
        XCTAssertTrue(rest.isOver(at: noon - 400 * 86_400))
    }

    func testADeadlineComesAlsoWhenTheClockWasSetBack() {
        var deadline = Deadline(in: .seconds(10), at: noon)
        XCTAssertFalse(deadline.hasPassed(at: noon + 4))
        let back = noon - 400 * 86_400
        XCTAssertFalse(deadline.hasPassed(at: back))
        XCTAssertFalse(deadline.hasPassed(at: back + 5))
        XCTAssertTrue(deadline.hasPassed(at: back + 6))
    }
}
