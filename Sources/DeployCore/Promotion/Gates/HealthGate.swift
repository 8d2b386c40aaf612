/// The source environment serves the release well now.
struct HealthGate: Gate {
    let id = "health"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.from != nil }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let complaints = facts.sourceComplaints else {
            return .refused(
                "\(facts.source) could not be looked at", next: "deployctl status \(facts.source)")
        }
        guard facts.staged != nil else {
            return .refused("nothing is deployed to \(facts.source)", next: "deployctl \(facts.source)")
        }
        guard complaints.isEmpty else {
            return .refused(complaints.joined(separator: "; "), next: "deployctl status \(facts.source)")
        }
        return .passed("\(facts.source) answers well now")
    }
}
