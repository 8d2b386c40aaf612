import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class TimestampTests: XCTestCase {
    private let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
        return calendar
    }()

    private func reference(_ date: Date) -> String {
        let part = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        return String(
            format: "%04d%02d%02d%02d%02d%02d", part.year ?? 0, part.month ?? 0, part.day ?? 0,
            part.hour ?? 0,
            part.minute ?? 0, part.second ?? 0)
    }

    /// A prime step, so that every month, weekday and hour comes up.
    func testMomentsOfTwoCenturiesAreWrittenAsTheCalendarSays() {
        let end = 7_289_568_000.0
        for seconds in stride(from: 0.0, to: end, by: 1_299_709) {
            let date = Date(timeIntervalSince1970: seconds)
            let digits = reference(date)
            XCTAssertEqual(Timestamp(date).description, digits)
            XCTAssertEqual(Timestamp(digits: digits)?.date, date)
            XCTAssertEqual(UTC.date(rfc3339: UTC.rfc3339(date)), date)
        }
    }

    func testTurnsOfMonthsAndYearsAreWrittenAsTheCalendarSays() throws {
        for year in 1970...2200 {
            for month in 1...12 {
                let first = try XCTUnwrap(
                    calendar.date(from: DateComponents(year: year, month: month, day: 1)))
                for moment in [first.addingTimeInterval(-1), first] {
                    XCTAssertEqual(Timestamp(moment).description, reference(moment))
                }
            }
        }
    }

    func testLeapDaysExistExactlyInLeapYears() {
        for (text, exists) in [
            ("20240229120000", true), ("20000229000000", true), ("20230229000000", false),
            ("21000229000000", false),
            ("20240230000000", false),
        ] {
            XCTAssertEqual(Timestamp(digits: text) != nil, exists, text)
        }
    }

    func testWhatIsNoMomentIsRefused() {
        for text in [
            "", "2026", "2026010100000", "202601010000000", "20261301000000", "20260001000000",
            "20260100000000",
            "20260132000000", "20260431000000", "20260101240000", "20260101006000", "20260101000060",
            "2026010100000x",
            "-2026010100000", "+2026010100000", " 20260101000000", "２０２６０１０１００００００", "20260101000000\n",
        ] {
            XCTAssertNil(Timestamp(digits: text), text)
        }
        for text in [
            "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+00:00", "2026-1-01T00:00:00Z",
            "2026-01-01T00:00:00.5Z", "2026-01-01T25:00:00Z", "20260101000000", "2026-01-01t00:00:00z",
        ] {
            XCTAssertNil(UTC.date(rfc3339: text), text)
        }
    }

    func testFractionsAreDroppedAndTimeBefore1970IsWritten() {
        XCTAssertEqual(Timestamp(Date(timeIntervalSince1970: 0.999)).description, "19700101000000")
        XCTAssertEqual(Timestamp(Date(timeIntervalSince1970: -0.5)).description, "19691231235959")
        XCTAssertEqual(Timestamp(Date(timeIntervalSince1970: -86_400 * 365)).description, "19690101000000")
    }

    func testSortingTheTextSortsTheMoments() {
        let names = (0..<500).map { Timestamp(Date(timeIntervalSince1970: Double($0) * 9_999_991)) }
        XCTAssertEqual(names.shuffled().sorted(), names)
        XCTAssertEqual(names[3].successor.date, names[3].date.addingTimeInterval(1))
        XCTAssertEqual(Timestamp(digits: "20241231235959")?.successor.description, "20250101000000")
    }

    func testATimestampIsStoredAsTextAndNonsenseIsNotRead() throws {
        let name = Sample.timestamp(7)
        XCTAssertEqual(try JSON.text([name]), "[\"20260101000007\"]")
        XCTAssertEqual(
            try JSONDecoder().decode([Timestamp].self, from: Data("[\"20260101000007\"]".utf8)), [name])
        XCTAssertThrowsError(
            try JSONDecoder().decode([Timestamp].self, from: Data("[\"20261301000007\"]".utf8)))
    }
}
