import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension StateStoreContract {
    func testPlansAndStepsOfLongAgoGoAndTheHistoryStays() throws {
        let state = try open()
        var runs: [Deployment] = []
        for number in 0..<8 {
            let run = try state.begin(
                Sample.plan(300 + 10 * number, environment: number == 7 ? "staging" : "production"),
                origin: Sample.origin, approval: nil, at: now + Double(number))
            try state.record(Sample.step(0), of: run)
            try state.record(["web": LogPosition(bytes: 7)], of: run.timestamp)
            if number != 1 { try state.finish(run, outcome: .succeeded, error: nil, at: now + 100) }
            runs.append(run)
        }
        let before = try state.deployments(of: nil, limit: .max)
        func forget() throws -> Int {
            try open().forgetPlans(
                of: "production", before: now + 5, butNewest: 3, and: [runs[2].timestamp])
        }
        XCTAssertEqual(try forget(), 2, "the unfinished one, the named one, and the newest three keep theirs")
        for (number, run) in runs.enumerated() {
            let isKept = number != 0 && number != 3
            XCTAssertEqual(try open().plan(of: run.timestamp) != nil, isKept, "\(number)")
            XCTAssertEqual(try open().definition(of: run.timestamp) != nil, isKept, "\(number)")
            XCTAssertEqual(try open().steps(of: run.timestamp).count, isKept ? 1 : 0, "\(number)")
            XCTAssertEqual(try open().logPositions(of: run.timestamp).count, isKept ? 1 : 0, "\(number)")
        }
        XCTAssertEqual(try open().deployments(of: nil, limit: .max), before)
        XCTAssertEqual(try forget(), 0)
    }
}
