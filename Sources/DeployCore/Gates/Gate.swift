import FoundationEssentials

/// A pure judgement over facts gathered beforehand; a refusal always carries a next action.
public protocol Gate: Sendable {
    /// Stable name for scripts.
    var id: String { get }
    func judge(_ facts: PromotionFacts) -> Verdict
}

/// What a gate says.
public struct Verdict: Hashable, Codable, Sendable {
    /// The four things a gate can say.
    public enum Kind: String, CaseIterable, Codable, Sendable { case passed, refused, warned, skipped }

    public var kind: Kind
    /// What was measured, in words.
    public var measured: String
    /// How to pass; empty when passed.
    public var next: String
    /// When time alone will open the gate.
    public var opensAt: Date?

    /// What the gate asks for is so.
    public static func passed(_ measured: String) -> Verdict {
        Verdict(kind: .passed, measured: measured, next: "", opensAt: nil)
    }
    /// The promotion does not happen; `next` says how to pass.
    public static func refused(_ measured: String, next: String, opensAt: Date? = nil) -> Verdict {
        Verdict(kind: .refused, measured: measured, next: next, opensAt: opensAt)
    }
    /// The promotion goes on, and a person should know.
    public static func warned(_ measured: String, next: String) -> Verdict {
        Verdict(kind: .warned, measured: measured, next: next, opensAt: nil)
    }
    /// The gate does not apply here.
    public static func skipped(_ measured: String) -> Verdict {
        Verdict(kind: .skipped, measured: measured, next: "", opensAt: nil)
    }
}

/// One gate's verdict, as shown by `gates` and `status`.
public struct GateReport: Hashable, Codable, Sendable {
    public var id: String
    public var verdict: Verdict

    public init(id: String, verdict: Verdict) {
        self.id = id
        self.verdict = verdict
    }
}

/// Everything a gate may judge by.
///
/// A fact that could not be read is nil or a complaint, and never passes.
public struct PromotionFacts: Hashable, Sendable {
    public var source: String
    public var target: String
    /// What is asked to be promoted: the named release, else the source's current one.
    public var release: Release?
    /// The release that is current at the source.
    public var staged: Release?
    /// Why the staged folder is not what was built; nil when it is.
    public var sealComplaint: String?
    /// What is wrong at the source now; nil when it could not be found out.
    public var sourceComplaints: [String]?
    public var allowedBranches: [String]
    /// Changes of tracked files in no commit; nil when git did not say.
    public var uncommitted: Int?
    public var collisions: [String]
    /// What the target's database has recorded; nil when it could not be read.
    public var recordedMigrations: [AppliedMigration]?
    /// The release's migrations; nil when they could not be read.
    public var releaseMigrations: [MigrationFile]?
    public var needsBackup: Bool
    /// Bytes the target's database takes.
    public var databaseBytes: Int64
    /// Bytes free in the backup folder; nil when unknown.
    public var freeBytes: Int64?

    public init(source: String, target: String) {
        self.source = source
        self.target = target
        allowedBranches = []
        collisions = []
        needsBackup = false
        databaseBytes = 0
    }
}

/// The gates of this version, in the order they are shown.
public enum Gates {
    /// In the order they are shown.
    public static let all: [any Gate] = [
        StagedGate(), HealthGate(), BranchGate(), CleanGate(), IsolationGate(), MigrationsGate(),
        BackupRoomGate(),
    ]

    /// Every verdict, not only the first refusal.
    public static func judge(_ facts: PromotionFacts) -> [GateReport] {
        all.map { GateReport(id: $0.id, verdict: $0.judge(facts)) }
    }

    /// - Throws: `.gateRefused` naming every gate that refuses, with the way to pass it.
    public static func require(_ reports: [GateReport], for target: String) throws(DeployError) {
        let refused = reports.filter { $0.verdict.kind == .refused }
        guard !refused.isEmpty else { return }
        throw DeployError(
            .gateRefused,
            what:
                "\(refused.count) gate\(refused.count == 1 ? " refuses" : "s refuse") the promotion to \(target)",
            why: refused.map { "\($0.id): \($0.verdict.measured)" }.joined(separator: "\n"),
            next: refused.map { "\($0.id): \($0.verdict.next)" }.joined(separator: "\n"))
    }
}
