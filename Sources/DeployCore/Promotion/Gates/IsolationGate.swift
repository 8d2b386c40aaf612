/// The environments share nothing that is not shared on purpose.
struct IsolationGate: Gate {
    let id = "isolation"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.from != nil }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let collisions = facts.collisions else {
            return .refused("the definitions could not be compared", next: "deployctl validate")
        }
        guard collisions.isEmpty else {
            return .refused(collisions.joined(separator: "; "), next: "deployctl validate")
        }
        return .passed("\(facts.source) and \(facts.target) share nothing")
    }
}
