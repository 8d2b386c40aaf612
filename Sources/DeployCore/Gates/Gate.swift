import FoundationEssentials

/// A pure judgement over facts gathered beforehand; a refusal always carries a next action.
public protocol Gate: Sendable {
    /// Stable name for scripts.
    var id: String { get }
    /// Whether the target's definition asks for it.
    func applies(to rules: Environment.Promotion) -> Bool
    func judge(_ facts: PromotionFacts) -> Verdict
}

extension Gate {
    public func applies(to rules: Environment.Promotion) -> Bool { true }
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

/// Every gate, in the order they are shown.
public enum Gates {
    /// In the order they are shown.
    public static let all: [any Gate] = [
        StagedGate(), HealthGate(), SoakGate(), LogsGate(), ChecksGate(), SLOGate(), ChecklistGate(),
        ApprovalsGate(), BranchGate(), CleanGate(), PushedGate(), IsolationGate(), MigrationsGate(),
        BackupRoomGate(), WindowGate(), FreezeGate(), HoldGate(), VetoGate(), CommandsGate(),
    ]

    /// Every verdict, not only the first refusal; what the definition does not ask for is left out.
    public static func judge(_ facts: PromotionFacts) -> [GateReport] {
        all.filter { $0.applies(to: facts.rules) }.map { GateReport(id: $0.id, verdict: $0.judge(facts)) }
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
