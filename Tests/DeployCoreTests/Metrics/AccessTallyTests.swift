import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Requests are counted by what nginx wrote of them, and not by what a visitor wrote into them.
final class AccessTallyTests: XCTestCase {
    private func line(
        _ time: String = "2026-11-21T02:15:30.123+00:00", status: String = "200", seconds: String = "0.040",
        path: String = "/"
    ) -> String {
        #"{"time":"\#(time)","request_id":"1","method":"GET","path":"\#(path)","status":\#(status),"bytes":5,"#
            + #""seconds":\#(seconds),"upstream_seconds":null,"service":"web"}"# + "\n"
    }

    private func count(_ text: String, in pieces: Int = 1 << 20) -> [Traffic] {
        var tally = AccessTally(at: Date(timeIntervalSince1970: Double(hour + 50) * 3600))
        var rest = Data(text.utf8)
        while !rest.isEmpty {
            tally.feed(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
        }
        return tally.traffic
    }

    private var hour: Int { Traffic.hour(of: UTC.date(rfc3339: "2026-11-21T02:00:00Z") ?? .distantPast) }

    func testRequestsAreCountedByHourStatusAndTime() {
        let text =
            line() + line(status: "201", seconds: "0.05") + line(status: "503", seconds: "12.5")
            + line("2026-11-21T06:30:00.000+04:00", seconds: "1.000")
            + line("2026-11-21T07:45:00.000+05:30") + line("2026-11-21T00:05:00.000-02:30")
        let seen = count(text)
        // 07:45+05:30 is 02:15 and 00:05-02:30 is 02:35 UTC.
        XCTAssertEqual(
            seen.map {
                Traffic(hour: $0.hour, statusClass: $0.statusClass, slot: $0.slot, requests: $0.requests)
            },
            [
                Traffic(hour: hour, statusClass: 2, slot: 1, requests: 4),
                Traffic(hour: hour, statusClass: 2, slot: 5, requests: 1),
                Traffic(hour: hour, statusClass: 5, slot: 9, requests: 1),
            ])
        XCTAssertEqual(seen.reduce(0) { $0 + $1.seconds }, 0.04 * 3 + 0.05 + 12.5 + 1, accuracy: 1e-9)
        for pieces in [1, 7, 100] { XCTAssertEqual(count(text, in: pieces), seen, "\(pieces) bytes") }
    }

    func testALineOfTheFutureCountsForTheHourThatItIs() {
        let seen = count(line("2036-11-21T02:15:30.000+00:00") + line())
        XCTAssertEqual(seen.map(\.hour), [hour, hour + 50])
    }

    func testAVisitorCannotWriteARequestOfItsOwn() {
        let forged = #"/\",\"status\":500,\"seconds\":99,\"time\":\"2020-01-01T00:00:00.000+00:00"#
        XCTAssertEqual(count(line(path: forged)), count(line()))
    }

    func testWhatIsNoRequestIsNotCounted() {
        for text in [
            "\n", "{}\n", "garbage \"status\":200\n", line(status: "null"), line(seconds: "-1"),
            line(seconds: "nan"), line("yesterday"), line("9999-99-99T99:99:99.000+00:00"),
            String(line().dropLast()),
        ] {
            XCTAssertEqual(count(text), [], text)
        }
    }
}

/// What may fail and has failed.
final class ErrorBudgetTests: XCTestCase {
    private let now = Date(timeIntervalSince1970: 1_780_000_000)

    private func traffic(hoursAgo: Int, failed: Int, of requests: Int) -> [Traffic] {
        let hour = Traffic.hour(of: now) - hoursAgo
        return [
            Traffic(hour: hour, statusClass: 2, slot: 0, requests: requests - failed),
            Traffic(hour: hour, statusClass: 5, slot: 0, requests: failed),
        ]
    }

    func testItIsSpentByWhatFailedInTheWindow() throws {
        let budget = ErrorBudget(
            traffic(hoursAgo: 0, failed: 2, of: 1000) + traffic(hoursAgo: 30, failed: 8, of: 9000), at: now)
        XCTAssertEqual(try XCTUnwrap(budget.burnRate(hours: 1)), 2, accuracy: 1e-6)
        XCTAssertEqual(try XCTUnwrap(budget.burnRate(hours: 72)), 1, accuracy: 1e-6)
        XCTAssertEqual(try XCTUnwrap(budget.left), 0, accuracy: 1e-6)
    }

    func testWhatIsDatedAheadIsSpentWhenItsHourComes() throws {
        let ahead = traffic(hoursAgo: -100, failed: 5, of: 10)
        let now = traffic(hoursAgo: 0, failed: 0, of: 10)
        XCTAssertEqual(try XCTUnwrap(ErrorBudget(ahead + now, at: self.now).burnRate(hours: 1)), 0)
    }

    func testWhereNothingWasAskedNothingIsSaid() {
        XCTAssertNil(ErrorBudget([], at: now).left)
        XCTAssertNil(ErrorBudget(traffic(hoursAgo: 800, failed: 1, of: 1), at: now).left)
    }
}

/// Both dialects of Prometheus, byte by byte.
final class MetricsTextTests: XCTestCase {
    private var families: [MetricFamily] {
        var runs = MetricFamily("runs", .counter, "Runs \\ of\nall.")
        runs.add(3, ["environment": "a\"b\\c\nd"])
        var free = MetricFamily("free_bytes", .gauge, "Free.")
        free.add(1.5, [:])
        free.add(Double.infinity, ["le": "+Inf"])
        return [runs, free, MetricFamily("none", .gauge, "Has no sample.")]
    }

    func testEachDialectNamesCountersItsOwnWay() {
        let samples = #"""
            deployctl_runs_total{environment="a\"b\\c\nd"} 3
            # HELP deployctl_free_bytes Free.
            # TYPE deployctl_free_bytes gauge
            deployctl_free_bytes 1.5
            deployctl_free_bytes{le="+Inf"} +Inf

            """#
        XCTAssertEqual(
            MetricsText.text(families, in: .textfile),
            "# HELP deployctl_runs_total Runs \\\\ of\\nall.\n# TYPE deployctl_runs_total counter\n" + samples
        )
        XCTAssertEqual(
            MetricsText.text(families, in: .openMetrics),
            "# HELP deployctl_runs Runs \\\\ of\\nall.\n# TYPE deployctl_runs counter\n" + samples + "# EOF\n"
        )
    }
}
