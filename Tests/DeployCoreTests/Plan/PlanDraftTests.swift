import DeployTestSupport
import XCTest

@testable import DeployCore

final class PlanDraftTests: XCTestCase {
    private typealias Change = (name: String, apply: (inout EnvironmentFacts) -> Void)

    private let promote = PlanDraft.Goal.promote(
        Sample.release(20), from: "staging", migrations: ["0002.sql"])
    private let rollback = PlanDraft.Goal.rollback(
        Sample.release(9), data: Sample.backup(30, release: Sample.timestamp(9)))

    private var goals: [(Deployment.Kind, PlanDraft.Goal)] {
        [
            (.deploy, .build(commit: "c0ffee", branch: "main", subject: "Add a page")),
            (.deploy, .redeploy(Sample.release(10))), (.promote, promote), (.rollback, rollback),
            (.rollback, .rollback(Sample.release(9), data: nil)), (.restart, .restart(service: nil)),
            (.restart, .restart(service: "web")), (.start, .start(service: "web")),
            (.stop, .stop(service: nil)),
            (.backup, .backUp),
        ]
    }

    func testThePlansIDIsTheSameUnderAnyNames() {
        let fixture = PlanFixture.serving(PlanFixture.environment("production"))
        for (kind, goal) in goals {
            let draft = fixture.draft(kind, goal)
            let (one, other) = (
                draft.plan(named: PlanFixture.names), draft.plan(named: PlanFixture.otherNames)
            )
            XCTAssertEqual(one.id, other.id, "\(goal)")
            XCTAssertEqual(one.id, draft.preview(at: PlanFixture.names.deployment).id)
            XCTAssertNotEqual(one.timestamp, other.timestamp)
            XCTAssertEqual(one.id.count, 16)
            XCTAssertTrue(one.id.allSatisfy(\.isHexDigit))
        }
    }

    func testEveryGoalHasItsOwnID() {
        let fixture = PlanFixture.serving(PlanFixture.environment("production"))
        let ids = goals.map { fixture.draft($0.0, $0.1).fingerprint }
        XCTAssertEqual(Set(ids).count, goals.count)
    }

    private var changes: [Change] {
        [
            ("the project", { $0.project = "/srv/other" }),
            ("a port", { $0.environment.ports["http"] = 9090 }),
            ("a service's command", { $0.environment.services[0].command.append("--fast") }),
            ("a health path", { $0.environment.services[0].health?.path = "/up" }),
            ("the strategy", { $0.environment.runtime.strategy = .recreate }),
            ("a header", { $0.environment.headers["X-A"] = "1" }),
            ("a secret's place", { $0.environment.secrets["KEY"] = .environment("OTHER") }),
            ("the drain", { $0.environment.drain = .milliseconds(30_001) }),
            ("the watch", { $0.environment.watch = .seconds(4) }),
            ("how a backup is proved", { $0.environment.backup.verify = .checksum }),
            ("the confirmation", { $0.environment.confirmation = .init() }),
            ("what serves", { $0.serving?.instance = "20260101000012" }),
            ("the serving release", { $0.serving?.release = Sample.timestamp(8) }),
            ("the serving database", { $0.serving?.database = DatabaseLocation("/x") }),
            ("nothing serving", { $0.serving = nil }),
            ("the database", { $0.database = DatabaseLocation("/srv/shop/other.db") }),
        ]
    }

    func testThePlansIDChangesWithEveryFactItRestsOn() {
        let fixture = PlanFixture.serving(PlanFixture.environment("production"))
        for (kind, goal) in [(Deployment.Kind.promote, promote), (.rollback, rollback)] {
            var ids = [fixture.draft(kind, goal).fingerprint: "nothing"]
            for change in changes {
                let id = fixture.changing(change.apply).draft(kind, goal).fingerprint
                // The project is part of a plan only through the paths in it.
                if change.name == "the project", case .promote = goal { continue }
                XCTAssertNil(ids[id], "changing \(change.name) gives the id of changing \(ids[id] ?? "")")
                ids[id] = change.name
            }
        }
    }

    func testFactsThatMatterToOneGoalChangeItsID() {
        let fixture = PlanFixture.serving(PlanFixture.environment("production"))
        let cases: [(Deployment.Kind, PlanDraft.Goal, Change)] = [
            (.promote, promote, ("the current release", { $0.release = Sample.release(8) })),
            (.promote, promote, ("the recorded migrations", { $0.recordedMigrations.append("0002.sql") })),
            (.rollback, rollback, ("the safety backup", { $0.skipsSafetyBackup = true })),
            (.rollback, rollback, ("whether it runs", { $0.servingRuns = false })),
        ]
        for (kind, goal, change) in cases {
            XCTAssertNotEqual(
                fixture.changing(change.apply).draft(kind, goal).fingerprint,
                fixture.draft(kind, goal).fingerprint,
                change.name)
        }
    }

    func testEveryPartOfAGoalChangesTheID() {
        let fixture = PlanFixture.serving(PlanFixture.environment("production"))
        let rebuilt = Sample.release(20, digest: "another digest")
        var otherBackup = Sample.backup(30, release: Sample.timestamp(9))
        otherBackup.sha256 = "another digest"
        let goals: [PlanDraft.Goal] = [
            .build(commit: "c0ffee", branch: "main", subject: "Add a page"),
            .build(commit: "c0ffef", branch: "main", subject: "Add a page"),
            .build(commit: "c0ffee", branch: "dev", subject: "Add a page"),
            promote, .promote(Sample.release(21), from: "staging", migrations: ["0002.sql"]),
            .promote(rebuilt, from: "staging", migrations: ["0002.sql"]),
            .promote(Sample.release(20), from: "other", migrations: ["0002.sql"]),
            .promote(Sample.release(20), from: "staging", migrations: []),
            .promote(Sample.release(20), from: "staging", migrations: nil),
            rollback, .rollback(Sample.release(9), data: Sample.backup(31)),
            .rollback(Sample.release(9), data: otherBackup), .rollback(Sample.release(7), data: nil),
        ]
        XCTAssertEqual(Set(goals.map { fixture.draft(.promote, $0).fingerprint }).count, goals.count)
        XCTAssertNotEqual(
            fixture.draft(.rollback, rollback).fingerprint, fixture.draft(.restore, rollback).fingerprint)
    }

    func testThePlanNamesWhatBecomesCurrentAndWhatWas() {
        let fixture = PlanFixture.serving(PlanFixture.environment("production"))
        let plan = fixture.draft(.promote, promote).plan(named: PlanFixture.names)
        XCTAssertEqual(plan.release, Sample.timestamp(20))
        XCTAssertEqual(plan.commit, Sample.release(20).commit)
        XCTAssertEqual(plan.previousRelease, Sample.timestamp(10))
        XCTAssertEqual(plan.timestamp, PlanFixture.names.deployment)
        let built = fixture.draft(.deploy, .build(commit: "c0ffee", branch: "b", subject: "s"))
            .plan(named: PlanFixture.names)
        XCTAssertEqual(built.release, built.timestamp, "a build is named by its deployment")
        XCTAssertEqual(
            fixture.draft(.stop, .stop(service: nil)).preview(at: PlanFixture.names.deployment).release,
            Sample.timestamp(10),
            "stopping keeps the release")
    }

    func testAStoredPlanIsTheVeryPlan() throws {
        let fixture = PlanFixture.serving(PlanFixture.environment("production"))
        for (kind, goal) in goals {
            let plan = fixture.draft(kind, goal).plan(named: PlanFixture.names)
            let text = try JSON.text(plan)
            let read = try JSON.value(Plan.self, from: Data(text.utf8), named: "the plan")
            XCTAssertEqual(read, plan)
            XCTAssertEqual(try JSON.text(read), text)
        }
    }
}
