/// Nobody has forbidden this release, and no rollback left it.
struct VetoGate: Gate {
    let id = "veto"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.from != nil }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let vetoes = facts.people.vetoes else {
            return .refused("whether the release is vetoed is not known", next: "deployctl doctor")
        }
        guard let veto = vetoes.first else { return .passed("the release is not vetoed") }
        return .refused(
            "\(veto.performer) vetoed \(veto.release): \(veto.reason)",
            next: "deployctl clear \(veto.release) -m WHY, or deploy another release to \(facts.source)")
    }
}
