import DeployTestSupport
import XCTest

@testable import DeployCore

/// Where a fresh database comes from shows as steps of the plan.
final class FillingPlanTests: XCTestCase {
    private let build = PlanDraft.Goal.build(commit: "c0ffee", branch: "main", subject: "Add a page")
    private let source = BackupSource(
        environment: "production", backup: Sample.timestamp(50),
        folder: "/srv/shop/backups/production/\(Sample.timestamp(50))", digest: "abc")

    private func fixture(_ filling: Filling?, source: BackupSource? = nil) -> PlanFixture {
        var environment = PlanFixture.environment("staging", fresh: true)
        environment.database?.filling = filling
        return PlanFixture.serving(environment).changing { $0.source = source }
    }

    private func copy(_ mask: [String], _ columns: [ColumnName]) -> Filling {
        .backup(MaskedCopy(environment: "production", mask: mask, columns: columns))
    }

    private func ids(_ fixture: PlanFixture) -> [String] {
        Array(fixture.ids(.deploy, build).prefix { $0 != "open-edge" })
    }

    private let email = ColumnName(table: "users", column: "email")

    func testAFileTakesThePlaceOfTheEmptyDatabase() {
        XCTAssertEqual(
            ids(fixture(.file("db/seed.sql"))),
            ["build-release", "prepare-data", "fill-database", "migrate"])
    }

    func testABackupIsRestoredMaskedProvedAndBroughtBeforeTheMigrations() {
        XCTAssertEqual(
            ids(fixture(copy(["db/mask.sql"], [email]), source: source)),
            [
                "build-release", "prepare-data", "restore-source", "mask-data", "prove-masking",
                "bring-masked-data", "migrate",
            ])
    }

    func testDataThatComesAsItIsIsRestoredAtOnceAndSaysSo() {
        let fixture = fixture(copy([], []), source: source)
        XCTAssertEqual(ids(fixture), ["build-release", "prepare-data", "restore-source", "migrate"])
        let plan = fixture.draft(.deploy, build).plan(named: PlanFixture.names)
        XCTAssertTrue(
            plan.titles.contains("Restore backup \(Sample.timestamp(50)) of production as it is"))
        XCTAssertEqual(fixture.draft(.deploy, build).fillingNotices.count, 1)
        XCTAssertEqual(
            self.fixture(copy(["db/mask.sql"], [email]), source: source).draft(.deploy, build).fillingNotices,
            [])
    }

    func testAMaskNobodyProvesIsPointedOut() {
        let fixture = fixture(copy(["db/mask.sql"], []), source: source)
        XCTAssertFalse(ids(fixture).contains("prove-masking"))
        XCTAssertTrue(fixture.draft(.deploy, build).fillingNotices[0].contains("nothing proves"))
    }

    func testEveryDatabaseOfTheWayIsItsOwn() {
        var environment = PlanFixture.environment("staging", fresh: true)
        environment.database = .init(engine: .postgresql, fresh: true)
        environment.database?.name = "shop"
        environment.database?.filling = copy(["db/mask.sql"], [email])
        var fixture = PlanFixture.serving(environment).changing { $0.source = source }
        fixture.facts.database = DatabaseLocation("shop")
        let plan = fixture.draft(.deploy, build).plan(named: PlanFixture.names)
        let names = plan.steps.compactMap { step -> [String]? in
            if case .bringMaskedData(let work) = step {
                [work.original.name, work.masked.name, work.generation.name]
            } else {
                nil
            }
        }
        let stamp = PlanFixture.names.deployment
        XCTAssertEqual(
            names, [["shop__\(stamp)_original", "shop__\(stamp)_masked", "shop__\(stamp)"]])
    }

    func testAStoredPlanKeepsWhereTheDataComesFrom() throws {
        let plan = fixture(copy(["db/mask.sql"], [email]), source: source).draft(.deploy, build)
            .plan(named: PlanFixture.names)
        XCTAssertEqual(try JSON.value(Plan.self, from: JSON.data(plan), named: "plan"), plan)
    }

    func testWithoutTheBackupNothingTakesItsPlace() {
        let ids = ids(fixture(copy(["db/mask.sql"], [email])))
        XCTAssertFalse(ids.contains("create-database"))
    }
}
