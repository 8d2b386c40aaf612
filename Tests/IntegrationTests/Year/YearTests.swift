import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters

/// A year in short: the clock goes from morning to morning, and nothing that deployctl keeps grows for ever.
///
/// Four days; with `DEPLOYCTL_SOAK=1` a year, or as many days as `DEPLOYCTL_SOAK_DAYS` says. Each day has its backups,
/// visitors, lines of logs and a deployment, each week a promotion; now and then a release fails and a service is killed.
final class YearTests: XCTestCase {
    private let variables = ProcessInfo.processInfo.environment
    private var isLong: Bool { variables["DEPLOYCTL_SOAK"] == "1" }
    private var days: Int { isLong ? variables["DEPLOYCTL_SOAK_DAYS"].flatMap(Int.init) ?? 365 : 4 }
    /// After so many days nothing is kept that was not kept before, and how often one looks.
    private var settled: Int { isLong ? 120 : 3 }
    private var month: Int { isLong ? 30 : 1 }
    /// Days from one proof of the backups to the next.
    private var week: Int { isLong ? 7 : 2 }

    private var world: YearWorld!
    private var begin = Date()
    /// The runs of each schedule that were seen to end, by when they were due; what they ended with.
    private var runs: [String: [Double: Int64]] = [:]

    func testNothingGrowsForEverAndWhatIsDueIsDone() throws {
        world = try YearWorld(for: self, proving: week)
        begin = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 86_400).rounded(.up) * 86_400)
        try world.clock.move(to: begin)
        try world.begin()
        var before: Holdings?
        for day in 1...days {
            try pass(day)
            guard day % month == 0 || day == days else { continue }
            let found = try Holdings(world)
            print("day \(day): \(found.text); \(try rows())")
            if let before { XCTAssertEqual(found.growth(since: before), [], "day \(day)") }
            if before == nil, day >= settled { before = found }
        }
        try judge()
    }

    private func moment(_ day: Int, _ hour: Double) -> Date {
        begin.addingTimeInterval(Double(day - 1) * 86_400 + hour * 3600)
    }

    private func pass(_ day: Int) throws {
        for hour in [3, 4] {
            try world.clock.move(to: moment(day, Double(hour)).addingTimeInterval(5))
            let due = moment(day, Double(hour)).timeIntervalSince1970
            let name = hour == 3 ? "nightly" : "tidy"
            try expect(
                try eventually(within: 60) {
                    try seeRuns()
                    let ended = ["staging", "production"].allSatisfy { runs["\($0) \(name)"]?[due] != nil }
                    return try ended && unfinished() == 0
                }, "\(name) of day \(day) runs: \(runs.mapValues(\.count))")
        }
        try world.clock.move(to: moment(day, 12))
        try visit(day)
        try deploy(day)
    }

    private func unfinished() throws -> Int {
        try world.number("SELECT count(*) FROM schedule_run WHERE started IS NOT NULL AND ended IS NULL")
    }

    private func seeRuns() throws {
        for row in try world.rows(
            "SELECT environment, schedule, due, status FROM schedule_run WHERE ended IS NOT NULL")
        {
            runs["\(row[0].text ?? "") \(row[1].text ?? "")", default: [:]][row[2].real ?? 0] =
                row[3].integer ?? -1
        }
    }

    /// A day's visitors, and what services say of it.
    private func visit(_ day: Int) throws {
        for name in ["staging", "production"] {
            for _ in 0..<40 {
                try expectEqual(world.get("/version", from: name).status, 200, "\(name) on day \(day)")
            }
            let lines = (0..<600).map {
                "line \($0) of day \(day): \(UInt64.random(in: 0...UInt64.max)) is what it was about\n"
            }
            let log = try FileHandle(
                forWritingTo: URL(fileURLWithPath: "\(world.project)/logs/\(name)/web.log"))
            _ = fcntl(log.fileDescriptor, F_SETFL, O_APPEND)
            try log.write(contentsOf: Data(lines.joined().utf8))
            try log.close()
        }
    }

    private func deploy(_ day: Int) throws {
        let isBad = day % 30 == 3
        try world.commit(
            ["app/version": "day \(day)", "app/health": isBad ? "500" : "200"], "Day \(day)")
        try world.act("staging").expect(isBad ? 15 : 0, "day \(day)")
        if day % 7 == 4 { try world.act("production", "--confirm", "CONFIRM").expect(0, "day \(day)") }
        if day % 10 == 2 { try crash(day) }
        try expectEqual(try world.version("staging"), "day \(isBad ? day - 1 : day)", "what serves")
    }

    /// The keeper brings back what was killed.
    private func crash(_ day: Int) throws {
        let place = "/.deployctl/production/"
        let web = world.processes().filter {
            ($0.instance ?? "").contains(place) && $0.command.contains("server.py")
        }
        try expect(!web.isEmpty, "production has a service")
        for process in web { kill(process.pid, SIGKILL) }
        try expect(
            eventually(within: 30) { world.get("/version", from: "production").status == 200 },
            "production is back on day \(day)")
    }

    private func rows() throws -> String {
        try [
            "deployment", "step_record", "backup", "schedule_run", "event", "delivery", "audit", "traffic",
            "release",
        ]
        .map { "\($0) \(try world.number("SELECT count(*) FROM \($0)"))" }.joined(separator: ", ")
    }

    private func judge() throws {
        for name in ["staging", "production"] {
            for daily in ["nightly", "tidy"] {
                let found = runs["\(name) \(daily)"] ?? [:]
                XCTAssertEqual(found.count, days, "\(daily) of \(name)")
                XCTAssertEqual(Set(found.values), [0], "\(daily) of \(name)")
            }
            let proofs = runs["\(name) proof"] ?? [:]
            // Each runs at the first moment of the day after it is due.
            XCTAssertTrue(
                ((days - 1) / (week + 1)...days / week).contains(proofs.count), "\(proofs.count) of \(name)")
            XCTAssertEqual(Set(proofs.values), [0], "proofs of \(name)")
        }
        // After two thirds of their time, on the first day after that.
        XCTAssertTrue((1 + days / 62...1 + days / 60).contains(world.asked), "\(world.asked) certificates")
        try world.act("audit", "verify").expect(0)
        try world.act("status").expect(0)
        try world.act("rollback", "--environment", "staging").expect(0)
        kill(world.keeper.pid, SIGTERM)
        _ = try world.keeper.wait(upTo: 60)
    }
}
