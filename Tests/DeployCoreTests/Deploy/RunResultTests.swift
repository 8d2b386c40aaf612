import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class RunResultTests: XCTestCase {
    private func result(_ outcome: Deployment.Outcome?, _ warnings: [ExitCode] = []) throws -> RunResult {
        let state = MemoryStateStore()
        var run = try state.begin(
            Sample.plan(10), origin: Sample.origin, approval: nil, at: Sample.timestamp(10).date)
        run.outcome = outcome
        return .done(run, warnings: warnings.map { DeployError($0, what: "w", why: "y", next: "n") })
    }

    func testTheExitCodeFollowsFromTheOutcome() throws {
        XCTAssertEqual(RunResult.upToDate("it is there").exitCode, .done)
        let cases: [(Deployment.Outcome?, [ExitCode], ExitCode)] = [
            (.succeeded, [], .done), (.succeeded, [.stepFailed], .done),
            (.succeeded, [.stepFailed, .needsPerson], .needsPerson), (.interrupted, [], .done),
            (nil, [], .done), (.failed, [], .stepFailed), (.rolledBack, [.needsPerson], .stepFailed),
        ]
        for (outcome, warnings, code) in cases {
            XCTAssertEqual(try result(outcome, warnings).exitCode, code, "\(outcome as Any) \(warnings)")
        }
    }

    func testTheWayBackIsReadFromWhatWasRecorded() throws {
        let shop = try Shop()
        let promoted = try shop.run(try shop.promotion(of: 30), named: 150)
        let back = try XCTUnwrap(RunResult.done(promoted, warnings: []).wayBack(in: shop.machine.state))
        XCTAssertEqual(back, WayBack(to: Sample.timestamp(20), in: "production", undoes: false))

        let rolled = try shop.run(try shop.rollback(), named: 300)
        let undo = try XCTUnwrap(RunResult.done(rolled, warnings: []).wayBack(in: shop.machine.state))
        XCTAssertTrue(undo.undoes)
        XCTAssertNotNil(try shop.machine.state.backup(undo.target))
        let notes = try shop.machine.state.steps(of: rolled.timestamp).map(\.note)
        XCTAssertTrue(notes.contains("to undo: \(undo.command)"), "\(notes)")

        let stopped = try shop.run(
            PlanDraft(kind: .stop, facts: try shop.facts(), goal: .stop(service: nil)), named: 400)
        XCTAssertNil(try RunResult.done(stopped, warnings: []).wayBack(in: shop.machine.state))
    }

    func testWithoutABackupOfItsDataTheWayBackIsTheCodes() throws {
        let shop = try Shop { $0.backup.beforeDeploy = false }
        let promoted = try shop.run(try shop.promotion(of: 30), named: 150)
        let back = try XCTUnwrap(RunResult.done(promoted, warnings: []).wayBack(in: shop.machine.state))
        XCTAssertTrue(back.isCodeOnly)
        XCTAssertEqual(
            back.sentence,
            "To go back, code alone on the new schema: deployctl rollback \(Sample.timestamp(20)) --code-only "
                + "--environment production --reason TEXT")
    }

    func testWhereNothingWasMigratedTheCodeGoesBackWithoutAReason() throws {
        let shop = try Shop {
            $0.backup.beforeDeploy = false
            $0.migrations = nil
        }
        let promoted = try shop.run(try shop.promotion(of: 30), named: 150)
        let back = try XCTUnwrap(RunResult.done(promoted, warnings: []).wayBack(in: shop.machine.state))
        XCTAssertEqual(
            back.sentence,
            "To go back, code alone: deployctl rollback \(Sample.timestamp(20)) --code-only --environment production"
        )
    }
}
