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
        XCTAssertTrue(try state.add([one], of: "production", from: nil, to: first))
        XCTAssertFalse(try other.add([one], of: "production", from: nil, to: first), "it was counted")
        XCTAssertEqual(try other.trafficPosition(of: "production"), first)
        let later = Traffic(hour: 6, statusClass: 5, slot: 9, requests: 1, seconds: 11)
        XCTAssertTrue(try other.add([one, later], of: "production", from: first, to: second))
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
        let old = Traffic(hour: 100, statusClass: 2, slot: 0, requests: 4, seconds: 1)
        let new = Traffic(hour: 100_000, statusClass: 2, slot: 0, requests: 1, seconds: 1)
        _ = try state.add([old], of: "production", from: nil, to: LogPosition(bytes: 1))
        _ = try state.add([new], of: "production", from: LogPosition(bytes: 1), to: LogPosition(bytes: 2))
        let seen = try state.traffic(of: "production")
        XCTAssertEqual(seen.map(\.hour), [0, 100_000])
        XCTAssertEqual(seen.reduce(0) { $0 + $1.requests }, 5)
    }
}
