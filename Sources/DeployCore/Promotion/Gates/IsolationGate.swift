/// The environments share nothing that is not shared on purpose.
struct IsolationGate: Gate {
    let id = "isolation"

    init() {}

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let collisions = facts.collisions else {
            return .refused("the definitions could not be compared", next: "deployctl validate")
        }
        guard collisions.isEmpty else {
            return .refused(collisions.joined(separator: "; "), next: "deployctl validate")
        }
        guard facts.rules.from != nil else { return .skipped("it is promoted from no other environment") }
        let shared = facts.sharedOnPurpose
        let what = shared.isEmpty ? "nothing" : "only what both allow: \(shared.joined(separator: ", "))"
        return .passed("\(facts.source) and \(facts.target) share \(what)")
    }
}
