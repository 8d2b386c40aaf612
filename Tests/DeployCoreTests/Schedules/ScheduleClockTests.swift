import Foundation
import XCTest

@testable import DeployCore

/// When something is due, over clock changes, leap years and times nobody was there.
final class ScheduleClockTests: XCTestCase {
    private func clock(
        _ when: Environment.Schedule.When, _ changes: [(String, Int)] = []
    ) throws -> ScheduleClock {
        let known = try changes.map { ZoneOffsets.Change(at: try moment($0.0), offset: $0.1) }
        return ScheduleClock(
            schedule: .init(name: "it", when: when, timezone: "UTC", words: ["doctor"]),
            zone: ZoneOffsets(changes: known.isEmpty ? [.init(at: .distantPast, offset: 0)] : known))
    }

    private func moment(_ text: String) throws -> Date { try XCTUnwrap(UTC.date(rfc3339: text)) }

    /// From a moment on, one after the other.
    private func next(_ clock: ScheduleClock, _ count: Int, after begin: String) throws -> [String] {
        var found: [Date] = []
        for _ in 0..<count { found.append(try XCTUnwrap(clock.nextDue(after: found.last ?? moment(begin)))) }
        return found.map(UTC.rfc3339)
    }

    func testDaysOfTheMonthAndOfTheWeekAreAsInCrontab() throws {
        XCTAssertEqual(
            try next(clock(.cron("*/20 9 * * *")), 4, after: "2026-01-01T09:20:00Z"),
            ["2026-01-01T09:40:00Z", "2026-01-02T09:00:00Z", "2026-01-02T09:20:00Z", "2026-01-02T09:40:00Z"])
        XCTAssertEqual(
            try next(clock(.cron("0 0 13 * fri")), 3, after: "2026-11-01T00:00:00Z"),
            ["2026-11-06T00:00:00Z", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"], "either day will do")
        XCTAssertEqual(
            try next(clock(.cron("30 4 29 feb *")), 2, after: "2026-01-01T00:00:00Z"),
            ["2028-02-29T04:30:00Z", "2032-02-29T04:30:00Z"])
        XCTAssertEqual(
            try next(clock(.cron("0 12 * * 7,1-2")), 3, after: "2026-11-28T13:00:00Z"),
            ["2026-11-29T12:00:00Z", "2026-11-30T12:00:00Z", "2026-12-01T12:00:00Z"], "Sunday is 7 too")
    }

    func testWhatNeverComesOrIsNoneIsRefused() {
        for text in [
            "0 0 30 2 *", "60 0 * * *", "* * * *", "* * * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *",
            "* * 0 * *", "@daily", ", * * * *", "1,,2 * * * *", "-1 * * * *",
        ] { XCTAssertNil(CronText(text), text) }
    }

    func testAMissedTimeRunsOnceHoweverOftenItWasMissed() throws {
        let daily = try clock(.cron("0 3 * * *"))
        let begin = try moment("2026-01-01T03:00:00Z")
        XCTAssertNil(daily.lastDue(after: begin, at: try moment("2026-01-02T02:59:59Z")))
        XCTAssertEqual(
            daily.lastDue(after: begin, at: try moment("2027-01-01T02:00:00Z")),
            try moment("2026-12-31T03:00:00Z"))
        let weekly = try clock(.every(.seconds(7 * 86_400)))
        XCTAssertEqual(
            weekly.lastDue(after: begin, at: try moment("2026-01-20T00:00:00Z")),
            try moment("2026-01-15T03:00:00Z"))
        XCTAssertNil(weekly.lastDue(after: begin, at: try moment("2025-12-01T00:00:00Z")), "a clock set back")
    }

    /// Berlin: at 2026-03-29T01:00Z two o'clock becomes three; at 2026-10-25T01:00Z three becomes two.
    func testATimeThatIsSkippedRunsAndOneThatComesTwiceRunsOnce() throws {
        let berlin = try clock(
            .cron("30 2 * * *"),
            [
                ("2026-01-01T00:00:00Z", 3600), ("2026-03-29T01:00:00Z", 7200),
                ("2026-10-25T01:00:00Z", 3600),
            ])
        XCTAssertEqual(
            try next(berlin, 3, after: "2026-03-27T12:00:00Z"),
            ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"])
        XCTAssertEqual(
            try next(berlin, 3, after: "2026-10-23T12:00:00Z"),
            ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"])
    }

    func testLastAndNextAgreeOverAYear() throws {
        for rule in ["0 3 * * *", "*/7 */5 1,15 * *", "59 23 31 12 *", "0 0 * * 1-5"] {
            let clock = try clock(.cron(rule))
            var now = try moment("2026-01-01T00:00:00Z")
            let end = try moment("2027-01-02T00:00:00Z")
            while let due = clock.nextDue(after: now), due < end {
                XCTAssertEqual(clock.lastDue(after: now, at: due), due, rule)
                XCTAssertNil(clock.lastDue(after: now, at: due - 1), rule)
                now = due
            }
        }
    }
}
