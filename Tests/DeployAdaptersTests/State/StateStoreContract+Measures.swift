import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension StateStoreContract {
    func testTrafficIsAddedOnceWhoeverCounts() throws {
        let (state, other) = (try open(), try open())
        let (first, second) = (LogPosition(bytes: 10, file: "1:2", anchor: "a"), LogPosition(bytes: 20))
        let one = Traffic(hour: 5, statusClass: 2, slot: 1, requests: 3, seconds: 0.5)
        XCTAssertNil(try state.trafficPosition(of: "production"))
        XCTAssertTrue(try state.add([one], of: "production", from: nil, to: first, at: now))
        XCTAssertFalse(
            try other.add([one], of: "production", from: nil, to: first, at: now), "it was counted")
        XCTAssertEqual(try other.trafficPosition(of: "production"), first)
        let later = Traffic(hour: 6, statusClass: 5, slot: 9, requests: 1, seconds: 11)
        XCTAssertTrue(try other.add([one, later], of: "production", from: first, to: second, at: now))
        var both = one
        (both.requests, both.seconds) = (6, 1)
        XCTAssertEqual(try state.traffic(of: "production"), [both, later])
        XCTAssertEqual(try state.traffic(of: "staging"), [])
    }

    func testWhatRunsAndStepsTookIsAddedUp() throws {
        let state = try open()
        for number in 0..<3 {
            let run = try state.begin(
                Sample.plan(number * 10), origin: Sample.origin, approval: nil,
                at: Sample.timestamp(number * 10).date)
            var step = Sample.step(0, .finished)
            step.finishedAt = step.startedAt + 2
            try state.record(step, of: run)
            try state.record(Sample.step(1, .failed), of: run)
            if number < 2 {
                try state.finish(
                    run, outcome: .succeeded, error: nil, at: Sample.timestamp(number * 10).date + 4)
            }
        }
        let name = Sample.plan(0).environment.name
        let steps = try state.stepTimes(of: name)
        XCTAssertEqual(steps.map(\.count), [3])
        XCTAssertEqual(try XCTUnwrap(steps.first).seconds, 6, accuracy: 1e-3)
        let runs = try state.runTimes(of: name)
        XCTAssertEqual(runs.map(\.outcome), [nil, .succeeded])
        XCTAssertEqual(runs.map(\.count), [1, 2])
        XCTAssertEqual(try XCTUnwrap(runs.last).seconds, 8, accuracy: 1e-3)
    }
}

extension SQLiteStateContractTests {
    func testTrafficOfLongAgoIsKeptAsOneSum() throws {
        let state = try open()
        let (old, new, ahead) = (100, 100_000, 200_000)
        let moment = Date(timeIntervalSince1970: Double(new) * 3600 + 5)
        var begin: LogPosition?
        // The clock was ahead when the last of them was counted.
        for (place, hour) in [old, new, ahead, new].enumerated() {
            let one = Traffic(hour: hour, statusClass: 2, slot: 0, requests: 4, seconds: 1)
            let end = LogPosition(bytes: Int64(place))
            _ = try state.add([one], of: "production", from: begin, to: end, at: moment)
            begin = end
        }
        let seen = try state.traffic(of: "production")
        XCTAssertEqual(seen.map(\.hour), [0, new, ahead])
        XCTAssertEqual(seen.map(\.requests), [4, 8, 4])
    }
}
