import DeployTestSupport
import XCTest

@testable import DeployCore

final class GateTests: XCTestCase {
    /// Facts with which every gate passes.
    private var good: PromotionFacts {
        GoodFacts.complete
    }

    private struct Case {
        var name: String
        var gate: any Gate
        var kind: Verdict.Kind
        var says: String
        var change: (inout PromotionFacts) -> Void
    }

    private var cases: [Case] {
        let other = Sample.release(19)
        return [
            Case(
                name: "nothing is staged", gate: StagedGate(), kind: .refused,
                says: "nothing is deployed to staging"
            ) {
                $0.staged = nil
            },
            Case(name: "no release", gate: StagedGate(), kind: .refused, says: "not known") {
                $0.release = nil
            },
            Case(name: "another release", gate: StagedGate(), kind: .refused, says: "20260101000019") {
                $0.release = other
            },
            Case(name: "the same release rebuilt", gate: StagedGate(), kind: .refused, says: "other-digest") {
                $0.release?.digest = "other-digest"
            },
            Case(name: "a changed byte", gate: StagedGate(), kind: .refused, says: "a byte differs") {
                $0.sealComplaints = ["a byte differs"]
            },
            Case(name: "staging unseen", gate: HealthGate(), kind: .refused, says: "could not be looked at") {
                $0.sourceComplaints = nil
            },
            Case(name: "staging unwell", gate: HealthGate(), kind: .refused, says: "one; two") {
                $0.sourceComplaints = ["one", "two"]
            },
            Case(
                name: "another branch", gate: BranchGate(), kind: .refused,
                says: "allowed are main, release/*"
            ) {
                $0.code.branches = ["feature"]
            },
            Case(name: "no branch allowed", gate: BranchGate(), kind: .refused, says: "on main") {
                $0.code.allowedBranches = []
            },
            Case(name: "unknown branches", gate: BranchGate(), kind: .refused, says: "did not say") {
                $0.code.branches = nil
            },
            Case(name: "a tag alone", gate: BranchGate(), kind: .refused, says: "on no branch") {
                $0.code.branches = []
            },
            Case(name: "one of its branches", gate: BranchGate(), kind: .passed, says: "release/7") {
                $0.code.branches = ["feature", "release/7"]
            },
            Case(name: "any branch", gate: BranchGate(), kind: .passed, says: "any branch") {
                ($0.code.branches, $0.code.allowedBranches) = ([], ["*"])
            },
            Case(name: "a branch by pattern", gate: BranchGate(), kind: .passed, says: "release/7") {
                $0.code.branches = ["release/7"]
            },
            Case(name: "one change", gate: CleanGate(), kind: .refused, says: "1 uncommitted change of") {
                $0.code.uncommitted = 1
            },
            Case(
                name: "a merge", gate: CleanGate(), kind: .refused,
                says: "a merge is not finished, and 1 file"
            ) {
                $0.code.uncommitted = 1
                $0.code.isMerging = true
            },
            Case(name: "two changes", gate: CleanGate(), kind: .refused, says: "2 uncommitted changes of") {
                $0.code.uncommitted = 2
            },
            Case(
                name: "a definition in no commit", gate: CleanGate(), kind: .refused, says: "/p.json: not as"
            ) {
                $0.code.looseDefinitions = ["/p.json"]
            },
            Case(name: "definitions unseen", gate: CleanGate(), kind: .refused, says: "did not say") {
                $0.code.looseDefinitions = nil
            },
            Case(name: "git is silent", gate: CleanGate(), kind: .refused, says: "did not say") {
                $0.code.uncommitted = nil
            },
            Case(name: "a collision", gate: IsolationGate(), kind: .refused, says: "a; b") {
                $0.collisions = ["a", "b"]
            },
            Case(
                name: "what both share and may", gate: IsolationGate(), kind: .passed,
                says: "only what both allow: database.server, logs"
            ) {
                $0.sharedOnPurpose = ["database.server", "logs"]
            },
            Case(name: "unread files", gate: MigrationsGate(), kind: .refused, says: "could not be read") {
                $0.data.files = nil
            },
            Case(
                name: "a database that refuses", gate: MigrationsGate(), kind: .refused, says: "it is locked"
            ) {
                $0.data.recorded = nil
                $0.data.unreadable = DeployError(
                    .stepFailed, what: "It refuses", why: "it is locked", next: "unlock it")
            },
            Case(
                name: "an unread database", gate: MigrationsGate(), kind: .refused, says: "could not be read"
            ) {
                $0.data.recorded = nil
            },
            Case(name: "an edited migration", gate: MigrationsGate(), kind: .refused, says: "changed after") {
                $0.data.recorded?[0].sha256 = "x"
            },
            Case(name: "pending migrations", gate: MigrationsGate(), kind: .passed, says: "pending: 2.sql") {
                _ in
            },
            Case(name: "nothing pending", gate: MigrationsGate(), kind: .passed, says: "nothing pending") {
                $0.data.files?.removeLast()
            },
            Case(name: "no backup wanted", gate: BackupRoomGate(), kind: .skipped, says: "nothing to back up")
            {
                $0.data.needsBackup = false
                $0.data.freeBytes = 0
            },
            Case(name: "unknown room", gate: BackupRoomGate(), kind: .refused, says: "not known") {
                $0.data.freeBytes = nil
            },
            Case(name: "one byte short", gate: BackupRoomGate(), kind: .refused, says: "needed are 21 MB") {
                $0.data.freeBytes = DataRoom.needed(for: 1_000_000) - 1
            },
            Case(name: "just enough", gate: BackupRoomGate(), kind: .passed, says: "needed are 21 MB") {
                $0.data.freeBytes = DataRoom.needed(for: 1_000_000)
            },
        ]
    }

    func testEachGateSaysWhatItMeasuredAndHowToPass() {
        for entry in cases {
            var facts = good
            entry.change(&facts)
            let verdict = entry.gate.judge(facts)
            XCTAssertEqual(verdict.kind, entry.kind, "\(entry.name): \(verdict)")
            XCTAssertTrue(verdict.measured.contains(entry.says), "\(entry.name): \(verdict.measured)")
            XCTAssertEqual(verdict.next.isEmpty, entry.kind != .refused, entry.name)
        }
    }

    func testEveryGatePassesOnGoodFacts() throws {
        let reports = Gates.judge(good)
        XCTAssertEqual(reports.map(\.id), Gates.all.map(\.id))
        for report in reports { XCTAssertEqual(report.verdict.kind, .passed, "\(report)") }
        try Gates.require(reports, for: "production")
    }

    func testWhatTheDefinitionDoesNotAskForIsLeftOut() {
        var facts = good
        facts.rules = Environment.Promotion(from: "staging")
        XCTAssertEqual(
            Gates.judge(facts).map(\.id),
            [
                "staged", "health", "branch", "clean", "isolation", "migrations", "backup-room", "hold",
                "veto",
            ])
        facts.rules.from = nil
        XCTAssertEqual(
            Gates.judge(facts).map(\.id), ["branch", "clean", "isolation", "backup-room", "hold"])
    }

    func testTheRoomForABackupCoversThreeCopies() {
        XCTAssertEqual(DataRoom.needed(for: 0), 16 * 1_048_576)
        XCTAssertEqual(DataRoom.needed(for: 1000) - DataRoom.needed(for: 0), 3300)
        XCTAssertEqual(Int64(1).megabytes, "1 MB")
        XCTAssertEqual(Int64(2_000_000).megabytes, "2 MB")
    }

    func testARefusalNamesEveryGateThatRefuses() throws {
        var facts = good
        facts.code.uncommitted = 3
        facts.collisions = ["one port"]
        do {
            try Gates.require(Gates.judge(facts), for: "production")
            XCTFail("nothing is refused")
        } catch {
            XCTAssertEqual(error.code, .gateRefused)
            XCTAssertEqual(error.what, "2 gates refuse the promotion to production")
            XCTAssertEqual(error.why, "clean: 3 uncommitted changes of tracked files\nisolation: one port")
            XCTAssertEqual(error.next, "clean: git commit --all, or git stash\nisolation: deployctl validate")
        }
        facts.collisions = []
        XCTAssertThrowsError(try Gates.require(Gates.judge(facts), for: "production")) {
            XCTAssertEqual(($0 as? DeployError)?.what, "1 gate refuses the promotion to production")
        }
    }
}
