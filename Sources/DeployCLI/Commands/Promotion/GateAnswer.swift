import DeployCore

/// A gate's verdict in JSON answers.
struct GateAnswer: Encodable, Sendable {
    let id: String
    let verdict: String
    let measured: String
    let next: String
    @OrNull var opensAt: String?

    init(_ report: Finding) {
        id = report.id
        verdict = report.verdict.kind.rawValue
        measured = report.verdict.measured
        next = report.verdict.next
        opensAt = report.verdict.opensAt.map(UTC.rfc3339)
    }

    /// What to do is said once; `said`: what stands above already.
    static func lines(_ gates: [GateAnswer], _ style: Style, after said: [String] = []) -> [String] {
        var table = TextTable(indent: "  ")
        for gate in gates { table.add(gate.verdict, gate.id, gate.measured) }
        var (lines, said): ([String], [String]) = ([], said)
        for (gate, line) in zip(gates, table.lines(width: style.width)) {
            lines.append(
                gate.verdict == "passed"
                    ? line : gate.verdict == "refused" ? style.bad(line) : style.warning(line))
            if gate.verdict == "refused" {
                // A short one is read sooner than looked for.
                let isSaid =
                    gate.next.utf8.count > (style.width ?? 80) && said.contains { $0.holds(gate.next) }
                let next = isSaid ? "as said above" : InertText.line(gate.next)
                lines.append(Wrap.hanging(next, after: "           → ", width: style.width))
                said.append(gate.next)
            }
        }
        return lines
    }
}
