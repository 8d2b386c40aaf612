import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// T17: whatever the clock says, runs get names of their own and are listed in the order they began.
final class AnyClockTests: XCTestCase {
    private static let hours = [0, 0, 0, 1 / 3600.0, 1, -1, 24, -24, 8760, -8760, 87_600, -87_600]

    func testNoRunIsNamedTwiceAndNoneIsTakenForAnother_T17() throws {
        let state = SQLiteStateStore(path: "\(try makeTestFolder())/state.db")
        let noon = Date(timeIntervalSince1970: 1_800_000_000)
        let count = StoredBackups.count(10_000, sample: 150)
        var (names, seed) = ([Timestamp](), UInt64(17))
        for number in 0..<count {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let now = noon.addingTimeInterval(Self.hours[Int(seed >> 33) % Self.hours.count] * 3600)
            let given = try state.nextTimestamps(3, at: now)
            let plan = Sample.plan(
                named: PlanNames(deployment: given[0], backup: given[1], retired: given[2]))
            let run = try state.begin(plan, origin: Sample.origin, approval: nil, at: now)
            try state.finish(run, outcome: .succeeded, error: nil, at: now)
            let newest = try state.deployments(of: "production", limit: 2).map(\.timestamp)
            XCTAssertEqual(newest, [given[0]] + names.suffix(1), "run \(number)")
            names.append(given[0])
        }
        let listed = try state.deployments(of: "production", limit: count).map(\.timestamp)
        XCTAssertEqual(listed, names.reversed())
        XCTAssertEqual(Set(listed).count, count)
        for name in listed.prefix(500) {
            let found = try TimestampResolver.resolve(
                "\(name)", among: listed, what: "release", next: "deployctl history")
            XCTAssertEqual(found, name)
        }
        print("T17 \(count) runs under clocks that jump: \(Set(listed).count) names, 0 wrong targets")
    }
}
