import DeployTestSupport
import XCTest

@testable import DeployCore

/// The project's own programs stand in the plan, each beside what it is about.
final class HookPlanTests: XCTestCase {
    private func hooked(_ name: String, _ moments: [Environment.Moment] = Environment.Moment.allCases)
        -> Environment
    {
        var environment = PlanFixture.environment(name)
        for moment in moments { environment.hooks.commands[moment] = [["true"]] }
        return environment
    }

    /// Ids of steps, and moments in place of hooks.
    private func steps(_ fixture: PlanFixture, _ kind: Deployment.Kind, _ goal: PlanDraft.Goal) -> [String] {
        fixture.draft(kind, goal).plan(named: PlanFixture.names).steps.map { step in
            if case .runHook(let hook) = step { hook.moment.rawValue } else { step.work.id }
        }
    }

    private let promote = PlanDraft.Goal.promote(Sample.release(20), from: "staging", migrations: nil)
    private let backup = Sample.backup(30, release: Sample.timestamp(9))

    func testEachStandsBeforeOrAfterWhatItIsAbout() {
        XCTAssertEqual(
            steps(.serving(hooked("production")), .promote, promote),
            [
                "pre-deploy", "copy-release", "pre-backup", "back-up", "prove-backup", "post-backup",
                "rehearse-migrations", "prepare-data", "pre-migrate", "migrate", "post-migrate", "open-edge",
                "start-instance", "check-health", "pre-cutover", "cut-over", "post-cutover",
                "verify-front-door", "watch", "stop-instance", "tag-source", "prune", "post-deploy",
            ])
        let build = PlanDraft.Goal.build(commit: "c0ffee", branch: "main", subject: "Add a page")
        XCTAssertEqual(
            steps(.first(hooked("staging")), .deploy, build).prefix(4),
            ["pre-deploy", "pre-build", "build-release", "post-build"])
        let back = steps(
            .serving(hooked("production")), .rollback, .rollback(Sample.release(9), data: backup))
        XCTAssertEqual(back.first, "pre-rollback")
        XCTAssertEqual(back.last, "post-rollback")
        let place = back.firstIndex(of: "restore-backup") ?? 1
        XCTAssertEqual(back[place - 1...place + 1], ["pre-restore", "restore-backup", "post-restore"])
        XCTAssertEqual(
            steps(.serving(hooked("production")), .backup, .backUp).filter { $0.hasSuffix("-backup") },
            ["pre-backup", "prove-backup", "post-backup"])
    }

    func testWhereNoneIsWrittenNothingChangesAndAStopRunsNone() {
        let plain = PlanFixture.serving(PlanFixture.environment("production"))
        XCTAssertFalse(plain.ids(.promote, promote).contains("run-hook"))
        XCTAssertFalse(
            PlanFixture.serving(hooked("production")).ids(.stop, .stop(service: nil)).contains("run-hook"))
    }

    func testTheyArePartOfWhatIsAgreedTo() {
        func fingerprint(_ change: (inout Environment.Hooks) -> Void) -> String {
            var environment = hooked("production", [.preDeploy])
            change(&environment.hooks)
            return PlanFixture.serving(environment).draft(.promote, promote).fingerprint
        }
        let usual = fingerprint { _ in }
        XCTAssertEqual(usual, fingerprint { _ in })
        XCTAssertNotEqual(usual, fingerprint { $0.commands[.preDeploy] = [["false"]] })
        XCTAssertNotEqual(usual, fingerprint { $0.timeout = .seconds(1) })
        XCTAssertNotEqual(usual, fingerprint { $0.place = .release })
    }
}
