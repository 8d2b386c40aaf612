import DeployTestSupport
import XCTest

@testable import DeployCore

/// Where data is replaced by renaming, a copy answers reads meanwhile.
final class ServerDatabasePlanTests: XCTestCase {
    private let build = PlanDraft.Goal.build(commit: "c0ffee", branch: "main", subject: "Add a page")
    private let replacement = [
        "copy-database", "open-edge", "start-instance", "check-health", "hold-writes", "stop-instance",
        "swap-database", "start-instance", "check-health", "cut-over", "verify-front-door", "watch",
        "stop-instance",
    ]

    private func fixture(_ name: String, fresh: Bool = false) -> PlanFixture {
        var environment = PlanFixture.environment(name)
        environment.database = .init(engine: .mysql, fresh: fresh)
        environment.database?.name = "shop"
        environment.database?.user = "shop"
        var fixture = PlanFixture.serving(environment)
        fixture.facts.database = DatabaseLocation("shop")
        fixture.facts.serving?.database = DatabaseLocation("shop")
        return fixture
    }

    func testAPromotionMigratesTheLiveDatabaseUnderItsName() throws {
        let goal = PlanDraft.Goal.promote(Sample.release(20), from: "staging", migrations: ["0002.sql"])
        let plan = fixture("production").draft(.promote, goal).plan(named: PlanFixture.names)
        XCTAssertFalse(plan.steps.map(\.work.id).contains("swap-database"))
        let migrated = plan.steps.compactMap { step -> DatabaseLocation? in
            if case .migrate(let work) = step { work.location } else { nil }
        }
        XCTAssertEqual(migrated, [DatabaseLocation("shop")])
    }

    func testARollbackSwapsBetweenAReaderAndTheCutover() {
        let goal = PlanDraft.Goal.rollback(
            Sample.release(9), data: Sample.backup(30, release: Sample.timestamp(9)))
        XCTAssertEqual(
            fixture("production").ids(.rollback, goal),
            ["check-release", "back-up", "prove-backup", "restore-backup"] + replacement + [
                "keep-retired-data", "veto-release", "prune",
            ])
    }

    func testAFreshDatabaseIsFilledBesideTheLiveOneAndSwapped() {
        XCTAssertEqual(
            fixture("staging", fresh: true).ids(.deploy, build),
            ["build-release", "prepare-data", "create-database", "migrate"] + replacement + ["prune"])
    }

    func testWithoutAnythingRunningTheSwapNeedsNoReader() {
        var fixture = fixture("staging", fresh: true)
        fixture.facts.servingRuns = false
        XCTAssertEqual(
            fixture.ids(.deploy, build),
            [
                "build-release", "prepare-data", "create-database", "migrate", "stop-instance",
                "swap-database", "open-edge", "start-instance", "check-health", "cut-over",
                "verify-front-door", "watch", "prune",
            ])
    }

    func testEveryReplacedDatabaseIsNamedAfterTheDeployment() {
        let plan = fixture("staging", fresh: true).draft(.deploy, build).plan(named: PlanFixture.names)
        let swaps = plan.steps.compactMap { step -> SwapDatabase? in
            if case .swapDatabase(let work) = step { work } else { nil }
        }
        let stamp = PlanFixture.names.deployment
        XCTAssertEqual(
            swaps,
            [
                SwapDatabase(
                    live: DatabaseLocation("shop"), next: DatabaseLocation("shop__\(stamp)"),
                    retired: DatabaseLocation("shop__\(stamp)_retired"))
            ])
    }
}
