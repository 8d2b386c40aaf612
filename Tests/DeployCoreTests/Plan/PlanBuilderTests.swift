import DeployTestSupport
import XCTest

@testable import DeployCore

final class PlanBuilderTests: XCTestCase {
    private let build = PlanDraft.Goal.build(commit: "c0ffee", branch: "main", subject: "Add a page")
    private let promote = PlanDraft.Goal.promote(
        Sample.release(20), from: "staging", migrations: ["0002.sql"])
    private let backup = Sample.backup(30, release: Sample.timestamp(9))

    private let upBlueGreen = [
        "open-edge", "start-instance", "check-health", "cut-over", "verify-front-door", "watch",
    ]

    private func expect(
        _ sentence: String, _ fixture: PlanFixture, _ kind: Deployment.Kind, _ goal: PlanDraft.Goal,
        _ ids: [String],
        line: UInt = #line
    ) {
        XCTAssertEqual(fixture.ids(kind, goal), ids, sentence, line: line)
    }

    func testTheFirstStagingDeploymentBuildsPreparesAndMigrates() {
        expect(
            "nothing is stopped, nothing backed up", .first(PlanFixture.environment("staging")), .deploy,
            build,
            ["build-release", "prepare-data", "migrate"] + upBlueGreen + ["prune"])
    }

    func testALaterStagingDeploymentStopsTheOldReleaseAfterCutover() {
        expect(
            "the old release ends last", .serving(PlanFixture.environment("staging")), .deploy, build,
            ["build-release", "prepare-data", "migrate"] + upBlueGreen + ["stop-instance", "prune"])
    }

    func testAFreshStagingDatabaseIsCreatedAndNeverBackedUp() {
        var environment = PlanFixture.environment("staging", fresh: true)
        environment.backup.beforeDeploy = true
        expect(
            "a fresh database is made beside the old one", .serving(environment), .deploy, build,
            ["build-release", "prepare-data", "create-database", "migrate"] + upBlueGreen + [
                "stop-instance", "prune",
            ])
    }

    func testARedeploymentChecksTheReleaseInsteadOfBuildingIt() {
        expect(
            "the release is there already", .serving(PlanFixture.environment("staging")), .deploy,
            .redeploy(Sample.release(10)),
            ["check-release", "prepare-data", "migrate"] + upBlueGreen + ["stop-instance", "prune"])
    }

    func testTheFirstPromotionHasNothingToBackUp() {
        expect(
            "no database, no backup", .first(PlanFixture.environment("production")), .promote, promote,
            ["copy-release", "prepare-data", "migrate"] + upBlueGreen + ["tag-source", "prune"])
    }

    func testAPromotionBacksUpProvesAndRehearsesBeforeItTouchesTheData() {
        expect(
            "in this order", .serving(PlanFixture.environment("production")), .promote, promote,
            ["copy-release", "back-up", "prove-backup", "rehearse-migrations", "prepare-data", "migrate"]
                + upBlueGreen
                + ["stop-instance", "tag-source", "prune"])
    }

    func testAPromotionWithoutADatabaseTouchesNoData() {
        expect(
            "no backup, no migration", .serving(PlanFixture.environment("production", database: false)),
            .promote,
            promote,
            ["copy-release", "prepare-data"] + upBlueGreen + ["stop-instance", "tag-source", "prune"])
    }

    func testReleaseCommandsRunAfterMigrationsAndBeforeServicesStart() {
        var environment = PlanFixture.environment("production")
        environment.releaseCommands = [["bin/warm"]]
        environment.source.tag = false
        expect(
            "once per deployment, and no tag is made", .first(environment), .promote, promote,
            ["copy-release", "prepare-data", "migrate", "run-release-commands"] + upBlueGreen + ["prune"])
    }

    func testRecreateStopsTheOldReleaseBeforeTheNewOneStarts() {
        expect(
            "no edge, and the port is free first", .serving(PlanFixture.environment("production", .recreate)),
            .promote,
            promote,
            [
                "copy-release", "back-up", "prove-backup", "rehearse-migrations", "prepare-data", "migrate",
                "stop-instance", "start-instance", "check-health", "cut-over", "verify-front-door", "watch",
                "tag-source",
                "prune",
            ])
    }

    private let rollbackWithData = [
        "check-release", "back-up", "prove-backup", "restore-backup", "open-edge", "start-instance",
        "check-health",
        "hold-writes", "cut-over", "verify-front-door", "watch", "stop-instance", "keep-retired-data",
        "veto-release", "prune",
    ]

    func testARollbackOfCodeAndDataHoldsWritesAndKeepsWhatItReplaces() {
        expect(
            "safety backup first", .serving(PlanFixture.environment("production")), .rollback,
            .rollback(Sample.release(9), data: backup), rollbackWithData)
    }

    func testARestoreOfDataCatchesUpWithTheCurrentReleasesMigrations() {
        var expected = rollbackWithData
        expected.removeAll { $0 == "veto-release" }
        expected.insert("migrate", at: 4)
        expect(
            "the release stays", .serving(PlanFixture.environment("production")), .restore,
            .rollback(Sample.release(10), data: backup), expected)
    }

    func testARollbackWithoutSafetyBackupSkipsOnlyThat() {
        expect(
            "what it replaces is kept all the same",
            PlanFixture.serving(PlanFixture.environment("production")).changing {
                $0.skipsSafetyBackup = true
            },
            .rollback, .rollback(Sample.release(9), data: backup),
            rollbackWithData.filter { $0 != "back-up" && $0 != "prove-backup" })
    }

    func testARollbackOfAStoppedEnvironmentHoldsNoWrites() {
        expect(
            "nothing writes",
            PlanFixture.serving(PlanFixture.environment("production")).changing { $0.servingRuns = false },
            .rollback,
            .rollback(Sample.release(9), data: backup), rollbackWithData.filter { $0 != "hold-writes" })
    }

    func testARollbackOfCodeAloneTouchesNoData() {
        expect(
            "data stays", .serving(PlanFixture.environment("production")), .rollback,
            .rollback(Sample.release(9), data: nil),
            ["check-release"] + upBlueGreen + ["stop-instance", "veto-release", "prune"])
    }

    func testARollbackOfAFreshEnvironmentMigratesAnEmptyDatabase() {
        expect(
            "data is made anew", .serving(PlanFixture.environment("staging", fresh: true)), .rollback,
            .rollback(Sample.release(9), data: nil),
            ["check-release", "prepare-data", "create-database", "migrate"] + upBlueGreen + [
                "stop-instance", "prune",
            ])
    }

    func testOperationsOnTheWholeEnvironment() {
        let serving = PlanFixture.serving(PlanFixture.environment("production"))
        let up = upBlueGreen.filter { $0 != "watch" }
        expect(
            "restart", serving, .restart, .restart(service: nil), ["check-release"] + up + ["stop-instance"])
        expect("stop", serving, .stop, .stop(service: nil), ["close-edge", "stop-instance"])
        let stopped = serving.changing {
            $0.serving = nil
            $0.servingRuns = false
        }
        expect("start", stopped, .start, .start(service: nil), ["check-release"] + up)
        expect("stop of nothing", stopped, .stop, .stop(service: nil), ["close-edge"])
        expect(
            "start of nothing", .first(PlanFixture.environment("production")), .start, .start(service: nil),
            [])
        expect("backup", serving, .backup, .backUp, ["back-up", "prove-backup", "prune"])
        expect(
            "backup of nothing", .first(PlanFixture.environment("production")), .backup, .backUp, ["prune"])
    }

    func testOperationsOnOneService() {
        let serving = PlanFixture.serving(PlanFixture.environment("production"))
        expect(
            "restart", serving, .restart, .restart(service: "web"),
            ["check-release", "stop-service", "start-service"])
        expect("start", serving, .start, .start(service: "web"), ["check-release", "start-service"])
        expect("stop", serving, .stop, .stop(service: "web"), ["stop-service"])
        expect("of nothing", .first(PlanFixture.environment("production")), .stop, .stop(service: "web"), [])
    }

    func testCopiesComeAfterTheProofAndInARollbackAtTheEnd() {
        var environment = PlanFixture.environment("production")
        environment.backup.copies = [
            .init(command: ["a", "{backup}"]), .init(command: ["b", "{backup}"], required: false),
        ]
        let serving = PlanFixture.serving(environment)
        XCTAssertEqual(
            Array(serving.ids(.promote, promote).prefix(5)),
            ["copy-release", "back-up", "prove-backup", "copy-backup", "copy-backup"])
        XCTAssertEqual(policies(serving, .promote, promote), [.unwind, .warn])
        expect(
            "backup", serving, .backup, .backUp,
            ["back-up", "prove-backup", "copy-backup", "copy-backup", "prune"])
        let rollback = PlanDraft.Goal.rollback(Sample.release(9), data: backup)
        XCTAssertEqual(
            Array(serving.ids(.rollback, rollback).suffix(5)),
            Array(repeating: "copy-backup", count: 4) + ["prune"], "the safety backup and what was replaced")
        XCTAssertEqual(Set(policies(serving, .rollback, rollback)), [.warn])
        XCTAssertEqual(policies(serving, .backup, .copy(Sample.timestamp(30))), [.unwind, .unwind])
    }

    private func policies(
        _ fixture: PlanFixture, _ kind: Deployment.Kind, _ goal: PlanDraft.Goal
    ) -> [FailurePolicy] {
        PlanDraft(kind: kind, facts: fixture.facts, goal: goal).plan(named: PlanFixture.names).steps
            .map(\.work).filter { $0.id == CopyBackup.id }.map(\.failure)
    }
}
