/// Nobody holds the target.
struct HoldGate: Gate {
    let id = "hold"

    init() {}

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let holds = facts.people.holds else {
            return .refused(
                "whether somebody holds \(facts.target) is not known",
                next: "deployctl lock show \(facts.target)")
        }
        guard let hold = holds.first else { return .passed("nobody holds \(facts.target)") }
        return .refused(
            "\(hold.performer) holds \(facts.target) since \(UTC.rfc3339(hold.since)): \(hold.reason)",
            next: "deployctl lock release \(facts.target)")
    }
}
