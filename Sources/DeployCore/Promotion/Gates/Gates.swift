import FoundationEssentials

/// Every gate, in the order they are shown.
enum Gates {
    /// In the order they are shown.
    static let all: [any Gate] = [
        StagedGate(), HealthGate(), SoakGate(), LogsGate(), ChecksGate(), SLOGate(), ChecklistGate(),
        ApprovalsGate(), BranchGate(), CleanGate(), PushedGate(), IsolationGate(), MigrationsGate(),
        BackupRoomGate(), WindowGate(), FreezeGate(), HoldGate(), VetoGate(), CommandsGate(),
    ]

    /// Every verdict, not only the first refusal; what the definition does not ask for is left out.
    static func judge(_ facts: PromotionFacts) -> [Finding] {
        all.filter { $0.applies(to: facts.rules) }.map { Finding(id: $0.id, verdict: $0.judge(facts)) }
    }

    /// - Throws: `.gateRefused` naming every gate that refuses, with the way to pass it.
    static func require(_ reports: [Finding], for target: String) throws(DeployError) {
        let refused = reports.refused
        guard !refused.isEmpty else { return }
        throw DeployError(
            .gateRefused,
            what:
                "\(refused.count) gate\(refused.count == 1 ? " refuses" : "s refuse") the promotion to \(target)",
            why: refused.map { "\($0.id): \($0.verdict.measured)" }.joined(separator: "\n"),
            next: refused.map { "\($0.id): \($0.verdict.next)" }.joined(separator: "\n"))
    }
}
