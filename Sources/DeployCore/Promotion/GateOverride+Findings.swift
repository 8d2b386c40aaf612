extension GateOverride {
    /// Gates a person may go on against, as `gates` shows them.
    public static var names: [String] { Gates.all.map(\.id).filter { !impossible.contains($0) } }

    /// - Throws: `.usage` for a gate that does not exist or cannot be overridden.
    public static func check(_ names: [String]) throws(DeployError) {
        let known = Self.names
        for name in names where !known.contains(name) {
            let cannot = never.contains(name.lowered)
            throw DeployError(
                .usage, what: cannot ? "\(name) cannot be overridden" : "There is no gate \(name)",
                why:
                    "lock, backup, CONFIRM, staged and isolation stand whatever anybody says; the others are "
                    + known.joined(separator: ", "),
                next: "deployctl gates")
        }
    }
}

extension [Finding] {
    /// Refusals somebody overrode become warnings that say who and why.
    func overridden(by overrides: [GateOverride]) -> [Finding] {
        map { report in
            guard report.verdict.kind == .refused, !GateOverride.impossible.contains(report.id),
                let override = overrides.first(where: { $0.gate == report.id })
            else { return report }
            let said = "\(report.verdict.measured); overridden by \(override.performer): \(override.reason)"
            return Finding(id: report.id, verdict: .warned(said, next: report.verdict.next))
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
