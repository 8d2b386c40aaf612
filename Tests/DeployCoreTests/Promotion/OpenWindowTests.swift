import XCTest

@testable import DeployCore

/// Clocks that jump: Berlin goes from +1 to +2 on 2026-03-29 and back on 2026-10-25, both at 01:00 UTC.
final class OpenWindowTests: XCTestCase {
    private func moment(_ text: String) throws -> Date { try XCTUnwrap(MomentText.parse(text), text) }

    private func berlin(_ change: String, _ before: Int, _ after: Int) throws -> ZoneOffsets {
        let at = try moment(change)
        return ZoneOffsets(changes: [
            .init(at: at - 3 * 86_400, offset: before), .init(at: at, offset: after),
        ])
    }

    private func window(_ from: String, _ to: String, _ days: String, _ zone: ZoneOffsets) throws
        -> OpenWindow
    {
        OpenWindow(
            window: Environment.Window(
                days: try XCTUnwrap(DaysText.parse(days)), from: try XCTUnwrap(ClockText.parse(from)),
                to: try XCTUnwrap(ClockText.parse(to)), timezone: "Europe/Berlin"), zone: zone)
    }

    func testATimeTheClockSkipsOpensAtTheChange() throws {
        let zone = try berlin("2026-03-29T01:00:00Z", 3600, 7200)
        let skipped = try window("02:30", "04:00", "sun", zone)
        XCTAssertFalse(skipped.isOpen(at: try moment("2026-03-29T00:59:59Z")))
        XCTAssertTrue(skipped.isOpen(at: try moment("2026-03-29T01:00:00Z")))
        XCTAssertFalse(skipped.isOpen(at: try moment("2026-03-29T02:00:00Z")))
        XCTAssertEqual(
            skipped.nextOpening(after: try moment("2026-03-28T12:00:00Z")), try moment("2026-03-29T01:00:00Z")
        )
    }

    func testATimeThatComesTwiceOpensTwice() throws {
        let zone = try berlin("2026-10-25T01:00:00Z", 7200, 3600)
        let twice = try window("02:15", "02:45", "sun", zone)
        XCTAssertTrue(twice.isOpen(at: try moment("2026-10-25T00:15:00Z")))
        XCTAssertFalse(twice.isOpen(at: try moment("2026-10-25T00:45:00Z")))
        XCTAssertEqual(
            twice.nextOpening(after: try moment("2026-10-25T00:45:00Z")), try moment("2026-10-25T01:15:00Z"))
        XCTAssertFalse(twice.isOpen(at: try moment("2026-10-25T01:45:00Z")))
    }

    func testNineInTheMorningStaysNineInTheMorning() throws {
        let spring = try window("09:00", "17:00", "mon-sun", try berlin("2026-03-29T01:00:00Z", 3600, 7200))
        XCTAssertEqual(
            spring.nextOpening(after: try moment("2026-03-28T20:00:00Z")), try moment("2026-03-29T07:00:00Z"))
        let autumn = try window("09:00", "17:00", "mon-sun", try berlin("2026-10-25T01:00:00Z", 7200, 3600))
        XCTAssertEqual(
            autumn.nextOpening(after: try moment("2026-10-24T20:00:00Z")), try moment("2026-10-25T08:00:00Z"))
    }

    func testANightBelongsToTheDayItBeginsOn() throws {
        let zone = ZoneOffsets(changes: [.init(at: try moment("2026-06-01T00:00:00Z"), offset: 0)])
        let night = try window("22:00", "04:00", "fri", zone)
        XCTAssertTrue(night.isOpen(at: try moment("2026-06-19T22:00:00Z")))
        XCTAssertTrue(night.isOpen(at: try moment("2026-06-20T03:59:59Z")))
        XCTAssertFalse(night.isOpen(at: try moment("2026-06-20T04:00:00Z")))
        XCTAssertFalse(night.isOpen(at: try moment("2026-06-20T22:00:00Z")))
        XCTAssertFalse(night.isOpen(at: try moment("2026-06-19T03:00:00Z")))
    }

    func testDaysClocksAndMomentsAreReadOrRefused() {
        XCTAssertEqual(DaysText.parse("fri-mon"), [5, 6, 7, 1])
        XCTAssertEqual(DaysText.parse("tue,sat"), [2, 6])
        for wrong in ["", "mon-", "mon-tue-wed", "Mon", "mon, tue"] {
            XCTAssertNil(DaysText.parse(wrong), wrong)
        }
        XCTAssertEqual(ClockText.parse("24:00"), 1440)
        for wrong in ["24:01", "9:00", "09:60", "-9:00", "09-00"] {
            XCTAssertNil(ClockText.parse(wrong), wrong)
        }
        XCTAssertEqual(
            MomentText.parse("2026-12-20T00:00:00+03:00"), MomentText.parse("2026-12-19T21:00:00Z"))
        XCTAssertEqual(
            MomentText.parse("2026-12-20T00:00:00-03:30"), MomentText.parse("2026-12-20T03:30:00Z"))
        for wrong in ["2026-12-20", "2026-02-30T00:00:00Z", "2026-12-20T00:00:00+3:00"] {
            XCTAssertNil(MomentText.parse(wrong), wrong)
        }
    }
}
