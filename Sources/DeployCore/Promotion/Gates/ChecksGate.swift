/// The source answers every check as the definition says.
struct ChecksGate: Gate {
    let id = "checks"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { !rules.checks.isEmpty }

    func judge(_ facts: PromotionFacts) -> Verdict {
        let outcomes = facts.proofs.checks ?? []
        let complaints = facts.rules.checks.compactMap { name in
            let outcome = outcomes.first { $0.name == name }
            guard let outcome else { return "\(name): it was not measured" }
            return outcome.complaint.map { "\(name): \($0)" }
        }
        guard complaints.isEmpty else {
            return .refused(
                complaints.joined(separator: "; "),
                next: "deployctl logs \(facts.source), then fix the release")
        }
        return .passed(
            outcomes.map { "\($0.name) in \(Int(($0.seconds * 1000).rounded())) ms" }.joined(separator: ", "))
    }
}
