import DeployTestSupport
import XCTest

@testable import DeployCore

final class GateTests: XCTestCase {
    /// Facts with which every gate passes.
    private var good: PromotionFacts {
        var facts = PromotionFacts(source: "staging", target: "production")
        facts.release = Sample.release(20)
        facts.staged = Sample.release(20)
        facts.sourceComplaints = []
        facts.allowedBranches = ["main", "release/*"]
        facts.uncommitted = 0
        facts.recordedMigrations = [
            AppliedMigration(name: "1.sql", sha256: MigrationFile(name: "1.sql", sql: "a").sha256)
        ]
        facts.releaseMigrations = [
            MigrationFile(name: "1.sql", sql: "a"), MigrationFile(name: "2.sql", sql: "b"),
        ]
        facts.needsBackup = true
        facts.databaseBytes = 1_000_000
        facts.freeBytes = 1 << 30
        return facts
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
                $0.sealComplaint = "a byte differs"
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
                $0.release?.branch = "feature"
            },
            Case(name: "no branch allowed", gate: BranchGate(), kind: .refused, says: "built from main") {
                $0.allowedBranches = []
            },
            Case(name: "an unknown branch", gate: BranchGate(), kind: .refused, says: "not known") {
                $0.release = nil
            },
            Case(name: "a branch by pattern", gate: BranchGate(), kind: .passed, says: "release/7") {
                $0.release?.branch = "release/7"
            },
            Case(name: "one change", gate: CleanGate(), kind: .refused, says: "1 uncommitted change of") {
                $0.uncommitted = 1
            },
            Case(name: "two changes", gate: CleanGate(), kind: .refused, says: "2 uncommitted changes of") {
                $0.uncommitted = 2
            },
            Case(name: "git is silent", gate: CleanGate(), kind: .refused, says: "did not say") {
                $0.uncommitted = nil
            },
            Case(name: "a collision", gate: IsolationGate(), kind: .refused, says: "a; b") {
                $0.collisions = ["a", "b"]
            },
            Case(name: "unread files", gate: MigrationsGate(), kind: .refused, says: "could not be read") {
                $0.releaseMigrations = nil
            },
            Case(
                name: "an unread database", gate: MigrationsGate(), kind: .refused, says: "could not be read"
            ) {
                $0.recordedMigrations = nil
            },
            Case(name: "an edited migration", gate: MigrationsGate(), kind: .refused, says: "changed after") {
                $0.recordedMigrations?[0].sha256 = "x"
            },
            Case(name: "pending migrations", gate: MigrationsGate(), kind: .passed, says: "pending: 2.sql") {
                _ in
            },
            Case(name: "nothing pending", gate: MigrationsGate(), kind: .passed, says: "nothing pending") {
                $0.releaseMigrations?.removeLast()
            },
            Case(name: "no backup wanted", gate: BackupRoomGate(), kind: .skipped, says: "nothing to back up")
            {
                $0.needsBackup = false
                $0.freeBytes = 0
            },
            Case(name: "unknown room", gate: BackupRoomGate(), kind: .refused, says: "not known") {
                $0.freeBytes = nil
            },
            Case(name: "one byte short", gate: BackupRoomGate(), kind: .refused, says: "needed are 21 MB") {
                $0.freeBytes = BackupRoomGate.needed(for: 1_000_000) - 1
            },
            Case(name: "just enough", gate: BackupRoomGate(), kind: .passed, says: "needed are 21 MB") {
                $0.freeBytes = BackupRoomGate.needed(for: 1_000_000)
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
        XCTAssertEqual(
            reports.map(\.id),
            ["staged", "health", "branch", "clean", "isolation", "migrations", "backup-room"])
        XCTAssertEqual(reports.map(\.verdict.kind), Array(repeating: .passed, count: 7))
        try Gates.require(reports, for: "production")
    }

    func testTheRoomForABackupCoversThreeCopies() {
        XCTAssertEqual(BackupRoomGate.needed(for: 0), 16 * 1_048_576)
        XCTAssertEqual(BackupRoomGate.needed(for: 1000) - BackupRoomGate.needed(for: 0), 3300)
        XCTAssertEqual(Int64(1).megabytes, "1 MB")
        XCTAssertEqual(Int64(2_000_000).megabytes, "2 MB")
    }

    /// Every combination of facts that could not be read, 127 of them: none is promoted.
    func testNoCombinationOfMissingFactsPasses() {
        let removals: [(inout PromotionFacts) -> Void] = [
            { $0.release = nil }, { $0.staged = nil }, { $0.sourceComplaints = nil },
            { $0.uncommitted = nil },
            { $0.recordedMigrations = nil }, { $0.releaseMigrations = nil }, { $0.freeBytes = nil },
        ]
        for subset in 1..<(1 << removals.count) {
            var facts = good
            for (bit, remove) in removals.enumerated() where subset & (1 << bit) != 0 { remove(&facts) }
            expectError(.gateRefused, "missing facts \(String(subset, radix: 2))") {
                try Gates.require(Gates.judge(facts), for: "production")
            }
        }
        expectError(.gateRefused, "no facts at all") {
            try Gates.require(Gates.judge(PromotionFacts(source: "a", target: "b")), for: "production")
        }
    }

    func testARefusalNamesEveryGateThatRefuses() throws {
        var facts = good
        facts.uncommitted = 3
        facts.collisions = ["one port"]
        do {
            try Gates.require(Gates.judge(facts), for: "production")
            XCTFail("nothing is refused")
        } catch {
            XCTAssertEqual(error.code, .gateRefused)
            XCTAssertEqual(error.what, "2 gates refuse the promotion to production")
            XCTAssertEqual(error.why, "clean: 3 uncommitted changes of tracked files\nisolation: one port")
            XCTAssertEqual(error.next, "clean: git commit, or git stash\nisolation: deployctl validate")
        }
        facts.collisions = []
        XCTAssertThrowsError(try Gates.require(Gates.judge(facts), for: "production")) {
            XCTAssertEqual(($0 as? DeployError)?.what, "1 gate refuses the promotion to production")
        }
    }
}
