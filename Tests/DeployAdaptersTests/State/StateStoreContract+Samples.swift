import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension StateStoreContract {
    static var origin: Origin {
        var origin = Sample.origin
        (origin.reason, origin.idempotencyKey) = ("because", "key-1")
        origin.wish = ["deployctl x", "ü y"]
        return origin
    }

    /// A run of production that has begun.
    func begun(_ state: any StateStore) throws -> (Plan, Approval, Deployment) {
        let plan = Sample.plan(100)
        let approval = Approval(planID: plan.id, performer: "ada", means: .planID, approvedAt: now)
        return (plan, approval, try state.begin(plan, origin: Self.origin, approval: approval, at: now))
    }

    /// Two backups of production, the second newer; staging has one as well.
    func backedUp(_ state: any StateStore) throws -> (older: Backup, newer: Backup) {
        let older = Sample.backup(20, release: Sample.timestamp(10), verified: .no)
        let newer = Sample.backup(21)
        for backup in [newer, older, Sample.backup(22, of: "staging")] { try state.record(backup) }
        return (older, newer)
    }

    /// One that succeeds and one that fails; those that moved a release, newest first.
    func runOfEachKind(_ state: any StateStore) throws -> [Timestamp] {
        var moves: [Timestamp] = []
        for (number, kind) in Deployment.Kind.allCases.enumerated() {
            for (offset, outcome) in [Deployment.Outcome.succeeded, .failed].enumerated() {
                var plan = Sample.plan(400 + 10 * number + 5 * offset, environment: "moved")
                plan.kind = kind
                let run = try state.begin(plan, origin: Sample.origin, approval: nil, at: now)
                XCTAssertEqual(
                    try state.releaseMoves(of: "moved", limit: .max).map(\.timestamp), moves,
                    "what has not ended has moved nothing")
                try state.finish(run, outcome: outcome, error: nil, at: now)
                if kind.movesRelease && outcome == .succeeded { moves.insert(run.timestamp, at: 0) }
            }
        }
        return moves
    }
}
