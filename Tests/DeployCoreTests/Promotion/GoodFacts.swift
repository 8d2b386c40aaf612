import DeployTestSupport
import Foundation

@testable import DeployCore

/// Facts with which every gate passes, and every one of them asked for.
enum GoodFacts {
    /// Monday, 2026-06-15 10:00 in Moscow.
    static let now = UTC.date(rfc3339: "2026-06-15T07:00:00Z") ?? Date(timeIntervalSince1970: 0)

    static var complete: PromotionFacts {
        var facts = PromotionFacts(source: "staging", target: "production", rules: rules, at: now)
        facts.release = Sample.release(20)
        facts.staged = Sample.release(20)
        facts.sealComplaints = []
        facts.changedKeys = []
        facts.definitionDigest = "definitions"
        facts.sourceComplaints = []
        facts.undisturbedSince = now.addingTimeInterval(-1800)
        facts.collisions = []
        facts.zones = ["Europe/Moscow": ZoneOffsets(changes: [.init(at: now - 86_400 * 3, offset: 10_800)])]
        facts.proofs.forbiddenLines = []
        facts.proofs.checks = [CheckOutcome(name: "login", complaint: nil, seconds: 0.05)]
        facts.proofs.load = LoadMeasurement(requests: 500, failed: 0, p95: 0.199)
        facts.proofs.commands = [CommandOutcome(command: "./ci", complaint: nil)]
        facts.code.branches = ["main"]
        facts.code.allowedBranches = ["main", "release/*"]
        facts.code.uncommitted = 0
        facts.code.looseDefinitions = []
        facts.code.isPushed = true
        let first = MigrationFile(name: "1.sql", sql: "a")
        let second = MigrationFile(name: "2.sql", sql: "b")
        facts.data.files = [first, second]
        facts.data.recorded = [AppliedMigration(name: first.name, sha256: first.sha256)]
        facts.data.proved = [first, second].map { AppliedMigration(name: $0.name, sha256: $0.sha256) }
        facts.data.needsBackup = true
        facts.data.bytes = 1_000_000
        facts.data.freeBytes = 1 << 30
        facts.people.known = People([("ada", Sample.who), ("eve", who("eve"))])
        facts.people.signatures = [signature("uploads work"), signature(Signature.wholeRelease)]
        facts.writeDown()
        facts.people.vetoes = []
        facts.people.holds = []
        return facts
    }

    static var rules: Environment.Promotion {
        var rules = Environment.Promotion(from: "staging")
        rules.soak = .seconds(1800)
        rules.checks = ["login"]
        rules.forbiddenInLogs = ["ERROR"]
        rules.slo = Environment.SLO(
            path: "/", requests: 500, concurrency: 4, p95: .milliseconds(200), errorRate: 0.001)
        rules.checklist = ["uploads work"]
        rules.approvals = 1
        rules.approvalsExpire = .seconds(3600)
        rules.pushed = true
        rules.windows = [
            Environment.Window(days: [1, 2, 3, 4], from: 540, to: 1020, timezone: "Europe/Moscow")
        ]
        rules.freezes = [
            Environment.Freeze(
                from: now.addingTimeInterval(60), to: now.addingTimeInterval(120), reason: "stocktaking")
        ]
        rules.commands = [["./ci"]]
        return rules
    }

    private static let uids: [String: UInt32] = ["ada": 1000, "eve": 1001, "bob": 1002]

    static func who(_ account: String) -> Who {
        Who(account: Who.Account(uid: uids[account] ?? 0, name: account))
    }

    static func signature(
        _ item: String, by performer: String = "eve", under account: String? = nil, ago seconds: Double = 60
    ) -> Signature {
        Signature(
            release: Sample.release(20).timestamp, releaseDigest: Sample.release(20).digest,
            definitionDigest: "definitions", item: item, performer: performer,
            who: who(account ?? performer),
            approvedAt: now.addingTimeInterval(-seconds))
    }
}

extension PromotionFacts {
    /// Every signature is in the audit log.
    mutating func writeDown() {
        people.audited = people.signatures.map { Set($0.compactMap { try? $0.digest() }) }
    }
}
