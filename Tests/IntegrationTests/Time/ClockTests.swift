import DeployTestSupport
import Foundation
import XCTest

/// T17: clocks that jump, stand still or are read in an odd zone.
final class ClockTests: XCTestCase {
    private static let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
    private var shop: DeployctlFixture!

    override func setUpWithError() throws {
        guard FileManager.default.fileExists(atPath: Self.library) else {
            throw lacking("libfaketime at \(Self.library)")
        }
        shop = try DeployctlFixture(for: self)
    }

    /// Runs deployctl, and nothing it starts, at another time.
    private func run(_ words: [String], clock: String, zone: String? = "UTC") throws -> ProgramRun {
        var variables = [
            "LD_PRELOAD": Self.library, "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
        variables["TZ"] = zone
        let unset = zone == nil ? ["env", "-u", "TZ"] : []
        return try shop.runProgram(unset + [shop.binary] + words, environment: variables)
    }

    private func offset(to moment: String) throws -> String {
        let date = try XCTUnwrap(ISO8601DateFormatter().date(from: moment))
        return String(format: "%+.0f", date.timeIntervalSinceNow)
    }

    /// Every run's name, oldest first.
    private func names(_ environment: String) throws -> [String] {
        struct History: Decodable {
            struct Entry: Decodable { let timestamp: String }
            let deployments: [Entry]
        }
        return try shop.run("history", environment, "-n", "500", "--json").expect(0).json(History.self)
            .deployments.map(\.timestamp).reversed()
    }

    private func expectIncreasing(_ names: [String]) {
        XCTAssertEqual(names, names.sorted(), "names follow the order of the runs")
        XCTAssertEqual(Set(names).count, names.count, "no name is given twice")
    }

    func testNamesAreUTCWhateverTheZoneAndTheChangeOfSummerTime_T17() throws {
        try shop.run("staging").expect(0)
        for (moment, zone) in [
            ("2027-03-14T06:59:58Z", "America/New_York"), ("2027-03-28T00:59:58Z", "Europe/Berlin"),
            ("2027-10-31T00:59:58Z", "Europe/Berlin"), ("2027-10-31T01:30:00Z", "Europe/Berlin"),
            ("2027-11-07T05:59:58Z", "America/New_York"), ("2027-11-07T06:30:00Z", "America/New_York"),
            ("2027-12-01T00:00:00Z", ""), ("2027-12-02T00:00:00Z", ":/nowhere"),
            ("2027-12-03T00:00:00Z", "X-14:59:59"), ("2027-12-04T00:00:00Z", nil),
            ("2027-12-05T00:00:00Z", "odd"), ("2038-01-19T03:14:05Z", "Asia/Kathmandu"),
        ] as [(String, String?)] {
            try run(["backup", "create", "staging"], clock: offset(to: moment), zone: zone).expect(0, moment)
            let name = try XCTUnwrap(try names("staging").last)
            let format = DateFormatter()
            (format.dateFormat, format.timeZone) = ("yyyyMMddHHmmss", TimeZone(secondsFromGMT: 0))
            let named = try XCTUnwrap(format.date(from: name))
            let wanted = try XCTUnwrap(ISO8601DateFormatter().date(from: moment))
            XCTAssertEqual(
                named.timeIntervalSince(wanted), 0, accuracy: 60,
                "\(moment) in \(zone ?? "no zone") is named \(name)")
        }
        expectIncreasing(try names("staging"))
    }

    func testManyRunsInOneSecondHaveNamesOfTheirOwn_T17() throws {
        try shop.run("staging").expect(0)
        let count = CrashSweep.isSoak ? 100 : 6
        for _ in 0..<count {
            try run(["backup", "create", "staging"], clock: "2027-06-01 12:00:00").expect(0)
        }
        let found = try names("staging")
        XCTAssertEqual(found.count, count + 1)
        expectIncreasing(found)
        expectIncreasing(try shop.backups("staging").map(\.timestamp).reversed())
        print("T17 \(count) runs in one second, \(Set(found).count - 1) names")
    }

    func testAClockThatJumpsMisleadsNoRollbackAndNoRetention_T17() throws {
        try shop.replace(
            "\"logs\":",
            with: """
                "backup": {"beforeDeploy": true, "verify": "restore", "keep": {"last": 1, "for": "30d"}},
                "logs":
                """, in: "environments/staging.json")
        for (version, clock) in [("one", "+0"), ("two", "-3600"), ("three", "+10y"), ("four", "-1d")] {
            try shop.commit(version: version)
            try run(["staging"], clock: clock).expect(0, version)
            try shop.post(version, to: "staging")
        }
        expectIncreasing(try names("staging"))
        try shop.run("backup", "verify", "staging", "--all").expect(0)
        for (version, items) in [("three", ["one", "two", "three"]), ("two", ["one", "two"])] {
            let target = try XCTUnwrap(try names("staging").dropFirst(version == "three" ? 2 : 1).first)
            try shop.run("rollback", target, "--environment", "staging").expect(0, version)
            XCTAssertEqual(try shop.world("staging"), World(version: version, items: items))
        }
        try shop.expectConsistent("staging")
    }
}
