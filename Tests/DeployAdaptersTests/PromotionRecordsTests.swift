import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What the gates are judged by survives the process, in the file as in memory.
final class PromotionRecordsTests: XCTestCase {
    private static let eve = Who(
        account: Who.Account(uid: 0, name: "root"), person: Who.Account(uid: 1001, name: "ève"),
        login: Who.Account(uid: 1001, name: "ève"), sudo: "ève", terminal: "/dev/pts/3", sshClient: "::1",
        claims: ["GITHUB_ACTOR=ada"])

    private func stores() throws -> [any StateStore] {
        [MemoryStateStore(), SQLiteStateStore(path: "\(try makeTestFolder())/state.db")]
    }

    func testSignaturesVetoesAndLogPositionsAreKept() throws {
        let now = Sample.timestamp(0).date
        for store in try stores() {
            let release = Sample.release(1)
            try store.record(release)
            let approval = Signature(
                release: release.timestamp, releaseDigest: release.digest, definitionDigest: "d",
                item: "it's ok",
                performer: "eve", who: Self.eve, approvedAt: now)
            try store.record(approval)
            XCTAssertEqual(try store.releaseApprovals(of: release.timestamp), [approval])
            XCTAssertEqual(try store.releaseApprovals(of: nil), [approval])
            XCTAssertEqual(try store.releaseApprovals(of: Sample.timestamp(9)), [])
            XCTAssertEqual(try store.people().others(than: "ada", Sample.who), ["eve"])

            let veto = Veto(release: release.timestamp, performer: "eve", reason: "slow", since: now)
            try store.record(veto, by: nil)
            try store.record(veto, by: Sample.timestamp(5))
            try store.record(veto, by: Sample.timestamp(5))
            XCTAssertEqual(try store.vetoes(of: release.timestamp), [veto, veto], "a deployment vetoes once")
            try store.clearVetoes(of: release.timestamp, by: "ada", reason: "measured again", at: now)
            XCTAssertEqual(try store.vetoes(of: release.timestamp), [])

            let positions = [
                "web": LogPosition(bytes: 7, file: "1:2", anchor: "ab"), "worker": LogPosition(bytes: 0),
            ]
            try store.record(positions, of: Sample.timestamp(5))
            XCTAssertEqual(try store.logPositions(of: Sample.timestamp(5)), positions)
            XCTAssertEqual(try store.logPositions(of: Sample.timestamp(6)), [:])
        }
    }

    func testOnlyTheNewestHundredRunsOfAScheduleAreKept() throws {
        for store in try stores() {
            let begin = Sample.timestamp(0).date
            for number in 0..<103 {
                var run = ScheduleRun(
                    environment: "production", schedule: number % 2 == 0 ? "a" : "b",
                    due: begin + Double(number))
                try store.record(run)
                run.started = run.due
                run.process = ProcessIdentity(pid: 7, started: 8, boot: "x")
                run.log = "/log"
                if number != 102 { (run.ended, run.status) = (run.due + 1, Int32(number)) }
                try store.record(run)
            }
            let last = try store.lastScheduleRuns(of: "production")
            XCTAssertEqual(last.map(\.schedule), ["a", "b"])
            XCTAssertEqual(last.map(\.status), [nil, 101])
            XCTAssertEqual(last.map(\.ended), [nil, begin + 102])
            XCTAssertEqual(last.first?.process, ProcessIdentity(pid: 7, started: 8, boot: "x"))
            XCTAssertEqual(try store.lastScheduleRuns(of: "staging"), [])
            try store.moveLastScheduleRun(of: "a", in: "production", to: begin + 50.5)
            let moved = try store.lastScheduleRuns(of: "production")
            XCTAssertEqual(moved.map(\.due), [begin + 50.5, begin + 101])
            XCTAssertEqual(moved.first?.process, ProcessIdentity(pid: 7, started: 8, boot: "x"))
        }
    }

    func testOverridesAreKeptWithTheirDeployment() throws {
        for store in try stores() {
            var origin = Sample.origin
            let override = GateOverride(gate: "soak", performer: "ada", reason: "fire", measured: "1m of 30m")
            origin.overrides = [override]
            let plan = Sample.plan(10)
            _ = try store.begin(plan, origin: origin, approval: nil, at: plan.timestamp.date)
            XCTAssertEqual(try store.overrides(of: plan.timestamp), [override])
            XCTAssertEqual(try store.overrides(of: Sample.timestamp(99)), [])
        }
    }
}
