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

    static func lines(_ gates: [GateAnswer], _ style: Style) -> [String] {
        var table = TextTable(indent: "  ")
        for gate in gates { table.add(gate.verdict, gate.id, gate.measured) }
        var lines: [String] = []
        for (gate, line) in zip(gates, table.lines(width: style.width)) {
            lines.append(
                gate.verdict == "passed"
                    ? line : gate.verdict == "refused" ? style.bad(line) : style.warning(line))
            if gate.verdict == "refused" {
                lines.append(
                    Wrap.hanging(InertText.line(gate.next), after: "           → ", width: style.width))
            }
        }
        return lines
    }
}
