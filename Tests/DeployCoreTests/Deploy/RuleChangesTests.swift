import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A definition takes no promise back in silence.
final class RuleChangesTests: XCTestCase {
    private var guarded: Environment {
        var environment = Environment(name: "production", project: "shop")
        environment.promotion = Environment.Promotion(from: "staging")
        environment.confirmation = Environment.Confirmation()
        environment.branches = ["stable/*"]
        return environment
    }

    /// What is found when the last deployment was made with `before`.
    private func changes(from before: Environment?, to now: Environment) throws -> RuleChanges {
        let state = MemoryStateStore()
        if let before {
            var plan = Sample.plan(1)
            (plan.environment, plan.kind) = (before, .promote)
            plan.release = Sample.timestamp(1)
            let run = try state.begin(plan, origin: Sample.origin, approval: nil, at: Date())
            try state.finish(run, outcome: .succeeded, error: nil, at: Date())
        }
        return try RuleChanges(of: now, in: state)
    }

    func testEachRuleThatDiffersIsShownAndConfirmed() throws {
        let cases: [(String, (inout Environment) -> Void)] = [
            ("confirmation", { $0.confirmation = nil }),
            ("branches", { $0.branches = ["*"] }),
            ("promotion.from", { $0.promotion?.from = nil }),
            ("promotion.approvals", { $0.promotion?.approvals = 2 }),
            ("promotion.trigger", { $0.promotion?.trigger = .automatic }),
            ("backup.beforeDeploy", { $0.backup.beforeDeploy = true }),
            ("source.repository", { $0.source.repository = "../elsewhere" }),
        ]
        for (key, change) in cases {
            var now = guarded
            change(&now)
            let found = try changes(from: guarded, to: now)
            XCTAssertTrue(found.notices.contains { $0.contains(key) }, "\(key): \(found.notices)")
            XCTAssertNotNil(found.confirmation(overriding: false), key)
            XCTAssertThrowsError(try found.refuseUnseen(), key)
        }
    }

    func testWhatIsNoRuleChangesNothing() throws {
        var now = guarded
        (now.purpose, now.ports, now.logs) = ("for all", ["http": 1], "elsewhere")
        now.confirmation = nil
        var before = guarded
        before.confirmation = nil
        let found = try changes(from: before, to: now)
        XCTAssertEqual(found.notices, [])
        XCTAssertNil(found.confirmation(overriding: false), "it was null before")
        XCTAssertNotNil(found.confirmation(overriding: true), "who goes on against a gate says so")
        XCTAssertNoThrow(try found.refuseUnseen())
        XCTAssertEqual(try changes(from: nil, to: now).notices, [], "a first deployment")
    }

    func testTheStricterWayOfConfirmingHolds() throws {
        let ways = Environment.Confirmation.NonInteractive.allCases
        for (older, old) in ways.enumerated() {
            for (newer, new) in ways.enumerated() {
                var (before, now) = (guarded, guarded)
                before.confirmation = Environment.Confirmation(nonInteractive: old)
                now.confirmation = Environment.Confirmation(nonInteractive: new)
                now.branches = ["*"]
                XCTAssertEqual(
                    try changes(from: before, to: now).confirmation(overriding: false)?.nonInteractive,
                    ways[max(older, newer)], "\(old) became \(new)")
            }
        }
        var (before, now) = (guarded, guarded)
        before.confirmation = Environment.Confirmation(nonInteractive: .never)
        now.confirmation = nil
        XCTAssertEqual(
            try changes(from: before, to: now).confirmation(overriding: false)?.nonInteractive, .never)
    }
}
