import DeployTestSupport
import XCTest

@testable import DeployCore

extension StateStoreContract {
    func testMovesToSomeReleasesAreFoundHoweverManyCameAfter() throws {
        let state = try open()
        var runs: [Timestamp] = []
        for number in 0..<450 {
            var plan = Sample.plan(10_000 + number, environment: "moved")
            plan.kind = .deploy
            plan.release = plan.timestamp
            let run = try state.begin(plan, origin: Sample.origin, approval: nil, at: now)
            try state.finish(run, outcome: .succeeded, error: nil, at: now)
            runs.append(run.timestamp)
        }
        for wanted in [[0], [449], [0, 1, 200], [120, 448], []] {
            let releases = wanted.map { runs[$0] }
            XCTAssertEqual(
                try state.releaseMoves(of: "moved", to: Set(releases)).compactMap(\.release),
                releases.reversed())
            XCTAssertEqual(
                try state.deployments(of: "moved", about: Set(releases)).map(\.timestamp),
                releases.reversed())
        }
        for count in [1, 99, 101, 400, 450] {
            let found = try state.releaseMoves(of: "moved") { $0.count >= count }.map(\.timestamp)
            XCTAssertGreaterThanOrEqual(found.count, count)
            XCTAssertEqual(found, Array(runs.reversed().prefix(found.count)))
        }
        XCTAssertEqual(
            try state.releaseMoves(of: "moved") { _ in true }.count, 100, "no more are read than it takes")
        XCTAssertEqual(try state.releaseMoves(of: "moved") { _ in false }.count, 450)
        XCTAssertEqual(try state.releaseMoves(of: "moved", to: [Sample.plan(1).timestamp]), [])
    }
}
