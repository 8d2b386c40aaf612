import DeployTestSupport
import XCTest

@testable import DeployCore

final class PlanRunnerTests: XCTestCase {
    func testIntentIsWrittenBeforeTheEffectAndTheOutcomeBeforeItIsTold() throws {
        let shop = try Shop()
        let draft = try shop.promotion(of: 30)
        let ids = draft.preview(at: Timestamp(Date(timeIntervalSince1970: 1_780_000_000))).steps.map(
            \.work.id)
        XCTAssertEqual(try shop.run(draft, named: 200).outcome, .succeeded)
        var expected: [String] = []
        for (index, id) in ids.enumerated() {
            let last =
                index == 0 ? nil : (written: "\(ids[index - 1]) finished", told: "told \(index) finished")
            expected += [last?.written, "\(id) started", last?.told, "told \(index + 1) started"].compactMap(
                \.self)
        }
        expected += ["\(ids[ids.count - 1]) finished", "told \(ids.count) finished"]
        XCTAssertEqual(shop.machine.journal, expected + ["finish succeeded"])
    }

    func testAFailureTakesEverythingBackLastFirst() throws {
        let shop = try Shop()
        let before = shop.machine.world
        shop.machine.programs.makeUnhealthy("/\(Sample.timestamp(200))")
        let error = try XCTUnwrap(shop.failure(try shop.promotion(of: 30), named: 200))
        XCTAssertEqual(error.code, .needsPerson, "the applied migration stays")
        XCTAssertTrue(error.why.contains("applied migrations stay: 0002.sql"), error.why)
        let undone = shop.machine.journal.filter { $0.hasSuffix(" undone") && !$0.hasPrefix("told") }
        XCTAssertEqual(
            undone.map { $0.split(separator: " ")[0] },
            [
                "check-health", "start-instance", "open-edge", "migrate", "prepare-data",
                "rehearse-migrations",
                "prove-backup", "back-up", "copy-release",
            ])
        XCTAssertEqual(shop.machine.journal.last, "finish failed")
        let runs = { (world: [String]) in world.filter { $0.hasPrefix("runs") || $0.contains(" -> ") } }
        XCTAssertEqual(runs(shop.machine.world), runs(before))
    }

    func testEachFailureHasItsExitCode() throws {
        let cases: [(String, ExitCode, (Shop) throws -> Void)] = [
            ("a program that does not start", .stepFailed, { $0.machine.processes.breakProgram("bin/web") }),
            (
                "a changed release", .gateRefused,
                {
                    $0.machine.files.write(
                        "x", to: "/srv/shop/.deployctl/staging/releases/20260101000030/bin/web")
                }
            ),
            (
                "a release that is gone", .stepFailed,
                {
                    try $0.machine.files.remove(
                        "/srv/shop/.deployctl/staging/releases/20260101000030.manifest")
                }
            ),
            (
                "an unreadable database", .backupFailed,
                { shop in
                    shop.machine.files.write("garbage", to: shop.database.name)
                }
            ),
            ("Ctrl-C", .interrupted, { $0.machine.interruption.interrupt(.interrupted) }),
            ("SIGTERM", .terminated, { $0.machine.interruption.interrupt(.terminated) }),
            ("a lost terminal", .hungUp, { $0.machine.interruption.interrupt(.hungUp) }),
        ]
        for (name, code, arrange) in cases {
            let shop = try Shop { $0.migrations = nil }
            let draft = try shop.promotion(of: 30)
            try arrange(shop)
            let serving = shop.machine.files.linkTarget(shop.layout.currentInstance)
            let error = try shop.failure(draft, named: 200)
            XCTAssertEqual(error?.code, code, "\(name): \(String(describing: error))")
            if [.interrupted, .terminated, .hungUp].contains(code) {
                XCTAssertEqual(error?.why.hasSuffix("; what it had done is taken back"), true, name)
            }
            XCTAssertEqual(shop.machine.files.linkTarget(shop.layout.currentInstance), serving, name)
            XCTAssertEqual(try shop.machine.state.deployment(Sample.timestamp(200))?.outcome, .failed, name)
            XCTAssertEqual(try shop.machine.state.deployment(Sample.timestamp(200))?.error, error, name)
        }
    }

    func testARollbackThatFailsSendsNobodyToABuild() throws {
        for spoil in [
            { $0.machine.files.write("changed", to: "\($0.layout.release(Sample.timestamp(20)))/bin/web") },
            { $0.machine.programs.makeUnhealthy("/\(Sample.timestamp(200))") },
        ] as [(Shop) -> Void] {
            let shop = try Shop()
            try shop.run(try shop.promotion(of: 30), named: 150)
            spoil(shop)
            let error = try XCTUnwrap(shop.failure(try shop.rollback(), named: 200))
            XCTAssertEqual(error.next, "deployctl rollback --environment production, for another release")
        }
    }

    func testAnInterruptionAtAnySafePointTakesEverythingBack() throws {
        let counted = try Shop { $0.migrations = nil }
        try counted.run(try counted.promotion(of: 30), named: 200)
        let questions = counted.machine.interruption.questions
        XCTAssertGreaterThan(questions, 8)
        for question in 1...questions {
            let shop = try Shop { $0.migrations = nil }
            let draft = try shop.promotion(of: 30)
            let asked = shop.machine.interruption.questions
            shop.machine.interruption.interrupt(.terminated, atQuestion: asked + question)
            let error = try shop.failure(draft, named: 200)
            let current = shop.machine.files.linkTarget(shop.layout.currentRelease)
            if error == nil {
                XCTAssertEqual(current, "releases/20260101000030")
            } else {
                XCTAssertEqual(error?.code, .terminated, "question \(question): \(String(describing: error))")
                XCTAssertEqual(current, "releases/20260101000020")
                XCTAssertTrue(shop.machine.interruption.isShielded)
            }
        }
    }

    func testAFailureAfterCutoverIsRolledBack() throws {
        let shop = try Shop { $0.migrations = nil }
        let draft = try shop.promotion(of: 30)
        let links = {
            [shop.layout.currentInstance, shop.layout.currentRelease].map(shop.machine.files.linkTarget)
        }
        let before = links()
        shop.machine.programs.makeUnhealthy("/\(Sample.timestamp(200))/front")
        let sick = try XCTUnwrap(shop.failure(draft, named: 200))
        XCTAssertEqual(sick.code, .stepFailed)
        XCTAssertTrue(shop.machine.journal.contains("cut-over finished"))
        XCTAssertEqual(links(), before)
        XCTAssertEqual(try shop.machine.state.deployment(Sample.timestamp(200))?.outcome, .rolledBack)
    }

    func testAnUnhealthyReleaseNeverGetsTraffic() throws {
        let shop = try Shop { $0.migrations = nil }
        let draft = try shop.promotion(of: 30)
        shop.machine.programs.makeUnhealthy("/run/\(Sample.timestamp(200))")
        XCTAssertEqual(try shop.failure(draft, named: 200)?.code, .stepFailed)
        XCTAssertFalse(shop.machine.journal.contains("cut-over started"))
        XCTAssertEqual(try shop.machine.state.deployment(Sample.timestamp(200))?.outcome, .failed)
    }

    func testAFailedCleanUpIsAWarningAndTheRunSucceeds() throws {
        let shop = try Shop()
        let plan = try shop.promotion(of: 30).plan(named: PlanFixture.otherNames)
        var mended = plan
        let deployer = shop.machine.deployer()
        let keep = KeepRetiredData(
            retired: DatabaseLocation("\(shop.database.name)"), release: Sample.timestamp(20),
            safety: Sample.timestamp(7), backup: Sample.timestamp(8))
        mended.steps = [.keepRetiredData(keep), .prune(Prune())]
        let deployment = try deployer.ports.state.begin(
            mended, origin: Sample.origin, approval: nil, at: shop.machine.clock.now())
        let warnings = try deployer.runner(mended).run(mended, as: deployment)
        XCTAssertEqual(warnings.map(\.code), [.backupFailed])
        XCTAssertEqual(try shop.machine.state.deployment(mended.timestamp)?.outcome, .succeeded)
        XCTAssertEqual(
            try shop.machine.state.steps(of: mended.timestamp).map(\.state), [.warned, .finished],
            "the run goes on after a warning")
        XCTAssertTrue(try shop.machine.database.exists(shop.database), "and nothing is taken back")
    }

    func testAbortThatCannotTakeBackNeedsAPerson() throws {
        var shop = try Shop { $0.runtime.strategy = .recreate }
        for changes in 40..<200 {
            if shop.machine.journal.contains("start-instance started") { break }
            shop = try Shop { $0.runtime.strategy = .recreate }
            XCTAssertNotNil(
                try shop.failure(try shop.promotion(of: 30), named: 200, life: Life(changes: changes)))
        }
        shop.machine.processes.breakProgram("bin/web")
        expectError(.needsPerson, "an abort that cannot start the old release") {
            _ = try Recovery(deployer: shop.machine.deployer()).abort("production")
        }
        XCTAssertNotNil(try shop.machine.state.unfinished(in: "production"), "it can be tried again")
        shop.machine.processes.mendProgram("bin/web")
        _ = try? Recovery(deployer: shop.machine.deployer()).abort("production")
        XCTAssertNil(try shop.machine.state.unfinished(in: "production"))
    }

    func testAMissingSecretStopsBeforeTheFirstEffect() throws {
        let shop = try Shop()
        var draft = try shop.promotion(of: 30)
        draft.facts.environment.secrets["KEY"] = .environment("KEY")
        let before = shop.machine.world
        XCTAssertEqual(try shop.failure(draft, named: 200)?.code, .invalidDefinition)
        XCTAssertEqual(shop.machine.world, before)
        XCTAssertEqual(shop.machine.journal, [])
    }
}
