import DeployCore
import Foundation
import XCTest

@testable import DeployCLI

/// `logs --since` leaves out what is older, and never what may not be.
final class LogLinesTests: XCTestCase {
    private func since(_ lines: [String], zone: Int = 0) -> [String] {
        LogsCommand.lines(lines, since: UTC.date(rfc3339: "2026-11-21T12:00:00Z"), zone: zone)
    }

    func testOlderLinesAreLeftOutWithWhatBelongsToThem() {
        XCTAssertEqual(
            since(["2026-11-21T11:59:59Z old", "  of it", "[2026-11-21 12:00:00,123] new", "  of it"]),
            ["[2026-11-21 12:00:00,123] new", "  of it"])
        XCTAssertEqual(since(["2026-11-21T11:00:00Z old", "  of it"]), [])
    }

    func testLinesWithoutATimeAreShown() {
        XCTAssertEqual(since(["serving", "one"]), ["serving", "one"])
        XCTAssertEqual(
            since(["a trace's end", "2026-11-21T11:00:00Z old"]),
            ["a trace's end", "2026-11-21T11:00:00Z old"])
    }

    func testAClockThatWasSetBackHidesNothing() {
        let lines = ["2026-11-21T12:30:00Z new", "2026-11-21T11:40:00Z newer", "2026-11-21T11:41:00Z newest"]
        XCTAssertEqual(since(["2026-11-21T11:00:00Z old"] + lines), lines)
    }

    func testATimeWithAZoneIsThatMoment() {
        let lines = ["2026-11-21T07:00:00-0500 new", "2026-11-21T14:00:00+02:00 new"]
        XCTAssertEqual(since(["2026-11-21T13:59:59.5+02:00 old"] + lines), lines)
    }

    func testALineOfTheAccessLogIsOfItsTime() {
        let new = "{\"time\":\"2026-11-21T12:00:00.001+00:00\",\"status\":200}"
        XCTAssertEqual(since(["{\"time\":\"2026-11-21T11:59:59.999+00:00\",\"status\":200}", new]), [new])
    }

    func testATimeWithoutAZoneMayBeThatOfTheMachine() {
        XCTAssertEqual(since(["2026-11-21 07:30:00 here"], zone: -5 * 3600), ["2026-11-21 07:30:00 here"])
        XCTAssertEqual(since(["2026-11-21 06:59:59 here"], zone: -5 * 3600), [])
    }
}
