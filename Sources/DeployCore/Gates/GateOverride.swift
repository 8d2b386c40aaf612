import FoundationEssentials

/// A person's decision to go on against a gate, kept with the deployment.
public struct GateOverride: Hashable, Codable, Sendable {
    public var gate: String
    public var performer: String
    public var reason: String
    /// What the gate said.
    public var measured: String

    public init(gate: String, performer: String, reason: String, measured: String = "") {
        self.gate = gate
        self.performer = performer
        self.reason = reason
        self.measured = measured
    }

    /// Gates nobody may go on against: what would be deployed, what it would destroy, and who forbade it.
    public static let impossible = ["staged", "isolation", "backup-room", "hold"]
    /// Words people try that stand for no gate, or for one of those.
    private static let never = impossible + ["lock", "backup", "confirm", "confirmation"]

    /// - Throws: `.usage` for a gate that does not exist or cannot be overridden.
    public static func check(_ names: [String]) throws(DeployError) {
        let known = Gates.all.map(\.id).filter { !impossible.contains($0) }
        for name in names where !known.contains(name) {
            let cannot = never.contains(name.lowercased())
            throw DeployError(
                .usage, what: cannot ? "\(name) cannot be overridden" : "There is no gate \(name)",
                why:
                    "lock, backup, CONFIRM, staged and isolation stand whatever anybody says; the others are "
                    + known.joined(separator: ", "),
                next: "deployctl gates")
        }
    }
}

extension [GateReport] {
    /// Refusals somebody overrode become warnings that say who and why.
    func overridden(by overrides: [GateOverride]) -> [GateReport] {
        map { report in
            guard report.verdict.kind == .refused, !GateOverride.impossible.contains(report.id),
                let override = overrides.first(where: { $0.gate == report.id })
            else { return report }
            let said = "\(report.verdict.measured); overridden by \(override.performer): \(override.reason)"
            return GateReport(id: report.id, verdict: .warned(said, next: report.verdict.next))
        }
    }

    /// The overrides that made a difference, with what the gate said.
    func used(of overrides: [GateOverride]) -> [GateOverride] {
        overrides.compactMap { override in
            guard let report = first(where: { $0.id == override.gate }), report.verdict.kind == .refused
            else {
                return nil
            }
            return GateOverride(
                gate: override.gate, performer: override.performer, reason: override.reason,
                measured: report.verdict.measured)
        }
    }
}
