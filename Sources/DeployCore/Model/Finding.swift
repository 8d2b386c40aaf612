import FoundationEssentials

/// What somebody who looked says: a gate of a promotion, or a check of the machine.
public struct Verdict: Hashable, Codable, Sendable {
    /// The four things it can be.
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

/// One verdict under its name, as shown by `gates`, `status` and `doctor`.
public struct Finding: Hashable, Codable, Sendable {
    public var id: String
    public var verdict: Verdict

    init(id: String, verdict: Verdict) {
        self.id = id
        self.verdict = verdict
    }
}

extension [Finding] {
    /// Those that stop what was asked about.
    public var refused: [Finding] { filter { $0.verdict.kind == .refused } }
}
