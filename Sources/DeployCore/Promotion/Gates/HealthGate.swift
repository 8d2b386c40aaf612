/// The source environment serves the release well now.
public struct HealthGate: Gate {
    public let id = "health"

    public init() {}

    public func applies(to rules: Environment.Promotion) -> Bool { rules.from != nil }

    public func judge(_ facts: PromotionFacts) -> Verdict {
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
